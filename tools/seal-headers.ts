/**
 * Prints the headers with which a service takes one call that does not come through the gateway, valid for
 * 60 seconds, in the form that `curl -H @-` reads.
 */
import { parseArgs } from 'node:util';

import { isService, operatorOptions, operatorUsage, runTool, sealAsOperator } from './operator.js';

const usage = `usage: npm run --silent seal -- SERVICE METHOD PATH [options] | curl -H @- URL

${operatorUsage}

example:
  npm run --silent seal -- tenant-service GET /internal/users | curl -H @- http://127.0.0.1:3002/internal/users
`;

await runTool(usage, () => {
  const { positionals, values } = parseArgs({ options: operatorOptions, allowPositionals: true });
  const [service, method, url] = positionals;
  if (!isService(service) || method === undefined || url === undefined) throw new Error(usage);

  const path = new URL(url, 'http://service').pathname;
  const { headers } = sealAsOperator({ service, method: method.toUpperCase(), path }, values);
  // `Name:` would make curl leave the header out; `Name;` sends it empty.
  for (const [name, value] of Object.entries(headers)) console.log(value === '' ? `${name};` : `${name}: ${value}`);
  return 0;
});
