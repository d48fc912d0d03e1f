import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Logger } from '@nestjs/common';

import { LastGoodConfiguration } from './last-good-configuration.js';

const source = { kind: 'database', identity: 'db.example:3306/gatehouse' } as const;
const aCopy = (version: string) => ({
  document: { text: `# ${version}`, place: `version ${version}`, folder: '/etc', version },
  found: { '{"dns":{}}': [{ url: 'http://10.0.0.1', weight: 1, backup: false }] },
});

let dataDir: string;
beforeAll(() => Logger.overrideLogger(false));
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-kept-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

describe('LastGoodConfiguration', () => {
  it('gives back what was kept last, for the owner of the process only', async () => {
    const kept = new LastGoodConfiguration(dataDir, source);
    expect(kept.read()).toBeUndefined();
    for (let version = 1; version <= 50; version++) kept.write(aCopy(String(version)));
    await kept.settled();
    expect(new LastGoodConfiguration(dataDir, source).read()).toEqual(aCopy('50'));
    const files = readdirSync(join(dataDir, 'gateway'));
    expect(files).toHaveLength(1);
    expect(statSync(join(dataDir, 'gateway', files[0] ?? '')).mode & 0o777).toBe(0o600);
  });

  it('is another one for another source', async () => {
    const kept = new LastGoodConfiguration(dataDir, source);
    kept.write(aCopy('1'));
    await kept.settled();
    expect(new LastGoodConfiguration(dataDir, { ...source, identity: 'elsewhere' }).read()).toBeUndefined();
  });

  it.each(['', '{', '{"document":{}}', 'null'])('is none when the file holds %j', async (text) => {
    const kept = new LastGoodConfiguration(dataDir, source);
    kept.write(aCopy('1'));
    await kept.settled();
    const [file = ''] = readdirSync(join(dataDir, 'gateway'));
    writeFileSync(join(dataDir, 'gateway', file), text);
    expect(kept.read()).toBeUndefined();
  });

  it('lets the gateway go on when nothing can be written', async () => {
    const kept = new LastGoodConfiguration('/dev/null/nowhere', source);
    kept.write(aCopy('1'));
    await kept.settled();
    expect(kept.read()).toBeUndefined();
  });
});
