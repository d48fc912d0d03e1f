/** Calls a gRPC method of a service as an operator, with a sealed identity, and the operator's certificate if there is one. */
import { parseArgs } from 'node:util';

import { Refusal } from '@libs/errors';
import { GrpcClients, jsonMethod } from '@libs/grpc';
import { newContext, runInContext } from '@libs/trusted-headers';

import { identityOf, isService, operatorKeys, operatorOptions, operatorUsage, runTool } from './operator.js';

const usage = `usage: npm run grpc -- SERVICE PACKAGE.SERVICE/METHOD [JSON] [options]

${operatorUsage}

example:
  npm run grpc -- tenant-service gatehouse.tenant.v1.UserService/ListUsers '{"pageSize":5}'
in the compose stack:
  docker compose run --rm operator node dist/tools/grpc-call.js tenant-service gatehouse.tenant.v1.UserService/ListUsers
`;

const deadlineMs = 30_000;

await runTool(usage, async () => {
  const { positionals, values } = parseArgs({ options: operatorOptions, allowPositionals: true });
  const [service, method, json = '{}'] = positionals;
  if (!isService(service) || method === undefined) throw new Error(usage);

  const context = newContext(identityOf(values));
  const contract = { call: jsonMethod(method) };
  const clients = new GrpcClients({ service: 'operator', ...operatorKeys() });
  const { call } = clients.to(service, contract);
  try {
    const answer = await runInContext(context, () => call(JSON.parse(json), { deadlineMs }));
    process.stdout.write(`${JSON.stringify(answer, undefined, 2)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { code, detail, errors, internal } = error;
    process.stderr.write(`${JSON.stringify({ code, detail, errors, reason: internal }, undefined, 2)}\n`);
    return 1;
  } finally {
    clients.onApplicationShutdown();
  }
});
