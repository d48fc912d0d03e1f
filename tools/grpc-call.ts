/** Calls a gRPC method of a service as an operator: seals an identity for it and hands the rest to `buf curl`. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { isService, operatorOptions, operatorUsage, runTool, sealAsOperator } from './operator.js';

const usage = `usage: npm run grpc -- SERVICE PACKAGE.SERVICE/METHOD [JSON] [options]

${operatorUsage}

example:
  npm run grpc -- tenant-service gatehouse.tenant.v1.UserService/ListUsers '{"pageSize":5}'
`;

await runTool(usage, () => {
  const { positionals, values } = parseArgs({ options: operatorOptions, allowPositionals: true });
  const [service, method, json = '{}'] = positionals;
  if (!isService(service) || method === undefined) throw new Error(usage);

  const path = `/${method}`;
  const { headers, peers } = sealAsOperator({ service, method: 'POST', path }, values);
  const contracts = join(import.meta.dirname, '../..');
  const options = ['--protocol', 'grpc', '--http2-prior-knowledge', '--schema', contracts, '-H', '@-', '--data', json];
  const { status, error } = spawnSync('buf', ['curl', ...options, `http://${peers[service]}${path}`], {
    // The headers go in here, because a command line is shown to every user of the machine.
    input: Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}\n`)
      .join(''),
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  if (error !== undefined) throw new Error('buf is not there: run npm ci, and start this with npm run.');
  return status ?? 1;
});
