import { globSync, readFileSync } from 'node:fs';

/** What opens connections, by where it comes from. */
const opening: Record<string, RegExp> = {
  'node:net': /\b(?:connect|createConnection)\b/,
  'node:tls': /\bconnect\b/,
  'node:http': /\b(?:request|get)\b/,
  'node:https': /\b(?:request|get)\b/,
  'node:http2': /\bconnect\b/,
  undici: /\b(?:request|fetch|Agent|Pool|Client|WebSocket|EventSource)\b/,
  mysql2: /\b(?:createPool|createConnection)\b/,
  'mysql2/promise': /\b(?:createPool|createConnection)\b/,
  ioredis: /\b(?:Redis|Cluster)\b/,
  nodemailer: /\bcreateTransport\b/,
  '@grpc/grpc-js': /\bClient\b/,
  '@opentelemetry/exporter-trace-otlp-proto': /\bOTLPTraceExporter\b/,
};

/** Those that do without, and why. */
const without: Record<string, string> = {
  'apps/gateway/src/upstream/http2/session.ts': 'is given its socket by a dialer',
  'libs/grpc/src/peer-connection.ts': 'is given its clients by who knows the address',
  'libs/mail/src/folder-mailer.ts': 'writes into files',
  'apps/gateway/src/operate/command/management-client.ts': 'is a command that asks once and ends',
};

const sources = globSync('{apps,libs}/*/src/**/*.ts').filter(
  (file) => !/\.(?:spec|fixture)\.ts$|^libs\/testing\/|\/generated\//.test(file),
);

function opens(text: string): boolean {
  const imports = [...text.matchAll(/^import (?!type )(?<what>[^;]*?) from '(?<from>[^']+)';/gms)];
  const isOpening = imports.some(({ groups: { what = '', from = '' } = {} }) =>
    opening[from]?.test(what.replaceAll(/\btype \w+/g, '')),
  );
  return isOpening || /(?:\bawait|\breturn|=>|=|\()\s*fetch\(/.test(text);
}

describe('whoever opens connections', () => {
  const openers = sources.filter((file) => opens(readFileSync(file, 'utf8')));

  it('finds addresses by the names of the process, or has a reason not to', () => {
    const silent = openers.filter(
      (file) => !/\blookup\b|\bbyName\b|\bmysqlSocket\b|from '@libs\/names'/.test(readFileSync(file, 'utf8')),
    );
    expect(silent.toSorted()).toEqual(Object.keys(without).toSorted());
    expect(openers.length).toBeGreaterThan(10);
  });

  it('asks nobody by dns.lookup', () => {
    const asking = sources.filter((file) => /\bdns(?:\.promises)?\.lookup\(/.test(readFileSync(file, 'utf8')));
    expect(asking).toEqual([]);
  });
});
