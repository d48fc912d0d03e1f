import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { describeMachine } from './machine.js';
import { publish } from './publish.js';
import { findProgram, missing } from './subjects/programs.js';
import { setUp } from './subjects/surroundings.js';
import { compareProxies } from './tables/proxies.js';
import { measureScale, mostInstances } from './tables/scale.js';

const usage = `What a request costs, in CPU time of the proxy: this gateway beside others, and as there is more to look up.

  npm run bench -- [options]

  --quick            two short rounds: to see that it works, not to quote
  --rounds N         how often each one is measured, in turn (default 9)
  --seconds N        how long each time (default 4)
  --connections N    connections of the client, each with one request at a time (default 32)
  --only proxies|scale   one of the two tables
  --against FOLDER   another build of the gateway (a dist folder), measured along with this one
  --help             this text

Every proxy has one worker. Client: wrk with one thread. Upstream server: nginx. Figures are medians over the rounds,
ratios medians of the ratios within a round. The table is printed and kept in bench/results/.
`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    connections: { type: 'string', default: '32' },
    only: { type: 'string' },
    against: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

if (values.help) process.stdout.write(usage);
else await run();

async function run(): Promise<void> {
  const absent = ['wrk', 'nginx', 'redis-server'].filter((name) => findProgram(name) === undefined);
  if (absent.length > 0) {
    console.error(missing(absent));
    process.exitCode = 69;
    return;
  }
  if (findProgram('haproxy') === undefined) console.error(`${missing(['haproxy'])}. It is left out.`);

  const options = {
    rounds: Number(values.rounds ?? (values.quick ? 2 : 9)),
    seconds: Number(values.seconds ?? (values.quick ? 1 : 4)),
    connections: Number(values.connections),
    warmUpRequests: values.quick ? 5_000 : 60_000,
  };
  const machine = describeMachine();
  const around = await setUp({ instances: mostInstances });
  try {
    const parts = [
      `# npm run bench${process.argv.length > 2 ? ` -- ${process.argv.slice(2).join(' ')}` : ''}`,
      `${machine}\n- load: ${options.connections} connections, ${options.rounds} rounds of ${options.seconds} s`,
    ];
    if (values.only !== 'scale') {
      const against = values.against === undefined ? undefined : resolve(values.against);
      parts.push('## Beside other proxies', await compareProxies(around, options, against));
    }
    if (values.only !== 'proxies') {
      parts.push('## As there is more to look up, everything on', await measureScale(around, options));
    }
    publish('bench', `${parts.join('\n\n')}\n`);
  } finally {
    await around.close();
  }
}
