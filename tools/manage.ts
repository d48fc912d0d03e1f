/** Calls the management port of a process from where it runs: with its token, and its certificate if there is one. */
import { parseArgs } from 'node:util';

import { z } from 'zod';

import { readSecret, readSettings, serviceSettings } from '@libs/config';
import { ownCertificateIn } from '@libs/mutual-tls';

import { runTool } from './operator.js';
import { send } from './send.js';

const usage = `usage: npm run --silent manage -- METHOD PATH [JSON] [--port 9090] [--service gateway]

Calls the management port on this machine with MANAGEMENT_TOKEN, or with the token that is kept in DATA_DIR, and prints the
answer. Exits 1 if it is a refusal.

example:
  npm run --silent manage -- GET /services
in the compose stack:
  docker compose exec gateway-1 node dist/tools/manage.js GET /services
`;

const { dataDir, managementToken, tlsCaFile, tlsCertFile, tlsKeyFile } = serviceSettings({
  http: 0,
  grpc: 0,
  management: 0,
});
const Environment = z.object({ dataDir, managementToken, tlsCaFile, tlsCertFile, tlsKeyFile });

await runTool(usage, async () => {
  const { positionals, values } = parseArgs({
    options: { port: { type: 'string', default: '9090' }, service: { type: 'string', default: 'gateway' } },
    allowPositionals: true,
  });
  const [method, path, body] = positionals;
  if (method === undefined || path === undefined) throw new Error(usage);

  const settings = readSettings(Environment);
  const token = settings.managementToken ?? readSecret(settings.dataDir, 'management-token');
  const { status, text } = await send({
    address: `127.0.0.1:${values.port}${path}`,
    method: method.toUpperCase(),
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    body,
    certificate: ownCertificateIn(settings),
    service: values.service,
  });
  process.stdout.write(`${text}\n`);
  return status < 400 ? 0 : 1;
});
