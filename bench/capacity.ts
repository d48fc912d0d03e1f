import { parseArgs } from 'node:util';

import { describeMachine } from './machine.js';
import { publish } from './publish.js';
import { findProgram, missing } from './subjects/programs.js';
import { startApart } from './subjects/stack.js';
import { Workshop } from './subjects/workshop.js';
import { measureCosts } from './tables/costs.js';
import { measureRemembered } from './tables/remembered.js';
import { measureKeys, measureRows } from './tables/sizes.js';

const usage = `What docs/scaling.md reckons with: what each kind of work costs each process, and what is kept of it where.

  npm run bench:capacity -- [options]

  --seconds N   how long each kind of work is measured (default 5)
  --rows N      how many rows each table is filled with (default 50000)
  --callers N   how many callers a gateway has to remember, and Redis to count (default 20000)
  --help        this text

A process for each service, on MariaDB and Redis. The client runs on the same machine: what is done in a second says
little, CPU time for each says more.
`;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rows: { type: 'string', default: '50000' },
    callers: { type: 'string', default: '20000' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

if (values.help) process.stdout.write(usage);
else await run();

async function run(): Promise<void> {
  const absent = ['wrk', 'nginx', 'mariadbd', 'redis-server'].filter((name) => findProgram(name) === undefined);
  if (absent.length > 0) {
    console.error(missing(absent));
    process.exitCode = 69;
    return;
  }
  const machine = describeMachine();
  const workshop = new Workshop();
  const stack = await startApart(workshop);
  const parts: string[] = [];
  try {
    parts.push(await measureCosts(stack, { seconds: Number(values.seconds) }));
    parts.push(await measureKeys(stack, Number(values.callers)));
    parts.push(await measureRows(stack, Number(values.rows)));
  } finally {
    await workshop.close();
    await stack.close();
  }
  parts.push(await measureRemembered(Number(values.callers)));
  const title = `# npm run bench:capacity${process.argv.length > 2 ? ` -- ${process.argv.slice(2).join(' ')}` : ''}`;
  publish('capacity', `${[title, machine, ...parts].join('\n\n')}\n`);
}
