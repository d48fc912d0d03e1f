/** Calls the management port of a process from where it runs: with its token, and its certificate if there is one. */
import { parseArgs } from 'node:util';

import { Agent, request } from 'undici';
import { z } from 'zod';

import { readSecret, readSettings, serviceSettings } from '@libs/config';
import { ownCertificateIn } from '@libs/mutual-tls';

import { runTool } from './operator.js';

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
  const certificate = ownCertificateIn(settings);
  const dispatcher = new Agent(
    certificate === undefined ? {} : { connect: { ...certificate.current, servername: values.service } },
  );
  const scheme = certificate === undefined ? 'http' : 'https';
  try {
    const answer = await request(`${scheme}://127.0.0.1:${values.port}${path}`, {
      method: method.toUpperCase() as 'GET',
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body ?? null,
      dispatcher,
    });
    process.stdout.write(`${await answer.body.text()}\n`);
    return answer.statusCode < 400 ? 0 : 1;
  } finally {
    certificate?.close();
    await dispatcher.close();
  }
});
