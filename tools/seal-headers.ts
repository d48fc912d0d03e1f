/**
 * Prints the headers with which a service takes one call that does not come through the gateway, valid for
 * 60 seconds, in the form that `curl -H @-` reads. Or makes that call itself, where there is no curl, or a certificate
 * to show.
 */
import { parseArgs } from 'node:util';

import { isService, operatorOptions, operatorUsage, runTool, sealAsOperator } from './operator.js';
import { callAsOperator } from './operator-call.js';

const usage = `usage: npm run --silent seal -- SERVICE METHOD PATH [options] | curl -H @- URL
       npm run --silent seal -- SERVICE METHOD PATH --send [--data JSON] [options]

${operatorUsage}
  --send, --data JSON      makes the call, with the certificate of TLS_CERT_FILE if there is one, and prints the answer

example:
  npm run --silent seal -- tenant-service GET /internal/users | curl -H @- http://127.0.0.1:3002/internal/users
in the compose stack:
  docker compose run --rm operator node dist/tools/seal-headers.js tenant-service GET /internal/users --send
`;

const options = { ...operatorOptions, send: { type: 'boolean', default: false }, data: { type: 'string' } } as const;

await runTool(usage, async () => {
  const { positionals, values } = parseArgs({ options, allowPositionals: true });
  const [service, method, url] = positionals;
  if (!isService(service) || method === undefined || url === undefined) throw new Error(usage);

  if (values.send) {
    const call = { service, method: method.toUpperCase(), path: url, body: values.data };
    const { status, text } = await callAsOperator(call, values);
    process.stdout.write(`${text}\n`);
    return status < 400 ? 0 : 1;
  }
  const path = new URL(url, 'http://service').pathname;
  const { headers } = sealAsOperator({ service, method: method.toUpperCase(), path }, values);
  // `Name:` would make curl leave the header out; `Name;` sends it empty.
  for (const [name, value] of Object.entries(headers)) console.log(value === '' ? `${name};` : `${name}: ${value}`);
  return 0;
});
