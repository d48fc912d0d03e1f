import { parseArgs } from 'node:util';

import { type Load, runWrk } from './client/wrk.js';
import { describeMachine } from './machine.js';
import { MemoryWatch } from './measure/memory-watch.js';
import { publish } from './publish.js';
import { authorizationOf, routePath, startFullGateway } from './subjects/gateway.js';
import { findProgram, missing } from './subjects/programs.js';
import { setUp } from './subjects/surroundings.js';
import { markdownTable } from './tables/markdown.js';

const usage = `Does the memory of a gateway with everything on stay flat?

  npm run bench:soak -- [options]

  --minutes N        how long the load lasts (default 10)
  --connections N    connections of the client, each with one request at a time (default 32)
  --users N          callers, each with a token of their own (default 1000)
  --help             this text

Resident memory and the heap are read every few seconds. Flat means that the line through the second half of the
low points grows by less than a twentieth over the whole run. Exits 1 when it does not.
`;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    connections: { type: 'string', default: '32' },
    users: { type: 'string', default: '1000' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

if (values.help) process.stdout.write(usage);
else await soak();

async function soak(): Promise<void> {
  const absent = ['wrk', 'nginx', 'redis-server'].filter((name) => findProgram(name) === undefined);
  if (absent.length > 0) {
    console.error(missing(absent));
    process.exitCode = 69;
    return;
  }
  const [seconds, users, connections] = [Number(values.minutes) * 60, Number(values.users), Number(values.connections)];
  const machine = describeMachine();
  const around = await setUp({ instances: 2 });
  try {
    const gateway = await startFullGateway(around, { routes: 100, instances: 2 });
    const requests = Array.from({ length: users }, (_, user) => ({
      path: routePath(user % 100),
      headers: authorizationOf(around.tokens, user),
    }));
    const watch = new MemoryWatch(gateway, seconds);
    const target = { url: gateway.url, requests };
    const [load] = await Promise.all([runWrk(target, { seconds, connections }), watch.run()]);
    report(`${machine}\n- load: ${connections} connections, ${users} users`, load, watch);
  } finally {
    await around.close();
  }
}

function report(surroundings: string, { requests, errors, p99 }: Load, watch: MemoryWatch): void {
  const curve = watch.samples
    .filter((_, index) => index % 10 === 9)
    .map(({ second, resident, heap }) => [String(second), resident.toFixed(0), heap.toFixed(0)]);
  const trends = (['resident', 'heap'] as const).map((what) => ({ what, ...watch.trend(what) }));
  const text = [
    `# npm run bench:soak${process.argv.length > 2 ? ` -- ${process.argv.slice(2).join(' ')}` : ''}`,
    surroundings,
    `${requests} requests, ${errors} failed, p99 ${p99.toFixed(1)} ms.`,
    markdownTable(['second', 'resident MiB', 'heap MiB'], curve),
    ...trends.map(
      ({ what, level, growth, isFlat }) =>
        `${what}: ${isFlat ? 'flat' : 'GROWS'}; low points at ${level.toFixed(0)} MiB, ${growth.toFixed(1)} MiB over the whole run`,
    ),
  ].join('\n\n');
  publish('soak', `${text}\n`);
  if (errors > 0 || trends.some(({ isFlat }) => !isFlat)) process.exitCode = 1;
}
