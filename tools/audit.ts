/** Verifies the audit trail: all of its chains where they are kept, or one that was exported, anywhere. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

import { verifyExport } from './audit/verify-export.js';
import { operatorOptions } from './operator.js';
import { callAsOperator } from './operator-call.js';

const usage = `usage: npm run --silent audit -- verify [--tenant ID] [--url URL]
       npm run --silent audit -- verify FILE.ndjson

Without a file: asks tenant-service (on port 3002 of where TENANT_SERVICE_GRPC is, unless --url says otherwise) to
recompute every chain, or that of one tenant, and prints one line for each. With a file that was exported: recomputes
it here. In the compose stack: docker compose run --rm operator node dist/tools/audit.js verify
Note the hash of a chain's end somewhere else from time to time: it proves that the chain up to there is the same.

Exits 0 if everything is intact, 1 if not, 64 if it cannot be told.
`;

interface Report {
  readonly tenantId: string;
  readonly entries: number;
  readonly hash: string;
  readonly intact: boolean;
  readonly brokenAt?: number;
  readonly problem?: string;
}

async function verifyAtService(url: string | undefined, tenant: string): Promise<Report[]> {
  const query = tenant === '' ? '' : `?tenantId=${encodeURIComponent(tenant)}`;
  const call = { service: 'tenant-service', method: 'GET', path: `/internal/audit/verification${query}`, url };
  const { status, text } = await callAsOperator(call, { as: 'admin', user: '', tenant: '', roles: '' });
  if (status !== 200) throw new Error(`tenant-service answers ${status}: ${text}`);
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Report);
}

const describe = ({ tenantId, entries, hash, intact, brokenAt, problem }: Report): string =>
  [
    intact ? 'intact' : 'BROKEN',
    tenantId === '' ? '(no tenant)' : tenantId,
    `${entries} entries`,
    intact ? `ends with ${hash}` : `${problem}${brokenAt === undefined ? '' : ` at entry ${brokenAt}`}`,
  ].join('  ');

try {
  const { positionals, values } = parseArgs({
    options: {
      tenant: operatorOptions.tenant,
      url: { type: 'string' },
      help: { type: 'boolean' },
    },
    allowPositionals: true,
  });
  const [word, file] = positionals;
  if (word !== 'verify' || values.help === true) throw new Error(usage);
  const reports =
    file === undefined
      ? await verifyAtService(values.url, values.tenant)
      : [await verifyExport(createInterface({ input: createReadStream(file) }))];
  for (const report of reports) console.log(describe(report));
  process.exitCode = reports.every(({ intact }) => intact) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 64;
}
