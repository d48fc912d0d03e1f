import { execFile } from 'node:child_process';
import { setPriority } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';

import { type Caller, logIn, registerCaller } from './client/people.js';
import { type Load, runWrk } from './client/wrk.js';
import { describeMachine } from './machine.js';
import { median } from './measure/statistics.js';
import { publish } from './publish.js';
import { findProgram, missing } from './subjects/programs.js';
import { type BenchStack, startApart, startTogether } from './subjects/stack.js';
import { Workshop } from './subjects/workshop.js';
import { markdownTable } from './tables/markdown.js';

const usage = `What a flood of logins, ten times as many as can be done, does to everybody else.

  npm run bench:login-flood -- [options]

  --apart            a process for each service, on MariaDB and Redis, instead of one process on SQLite
  --rounds N         how often calm and flood take turns (default 5)
  --seconds N        how long each (default 5)
  --factor N         how many times as many logins as can be done (default 10)
  --help             this text

Eight clients ask for projects meanwhile and rest 20 ms before each request. The flood comes from a process of lower
priority, because it would come from other machines. Ratios are medians of the ratios within a round.
`;

const { values } = parseArgs({
  options: {
    apart: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '5' },
    factor: { type: 'string', default: '10' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

interface Flood {
  readonly sent: number;
  readonly statuses: Readonly<Record<string, number>>;
}

interface Round {
  readonly calm: Load;
  readonly flooded: Load;
  readonly flood: Flood;
}

const [rounds, seconds, factor] = [Number(values.rounds), Number(values.seconds), Number(values.factor)];

if (values.help) process.stdout.write(usage);
else await run();

async function run(): Promise<void> {
  const absent = ['wrk', ...(values.apart ? ['mariadbd', 'redis-server'] : [])].filter((name) => !findProgram(name));
  if (absent.length > 0) {
    console.error(missing(absent));
    process.exitCode = 69;
    return;
  }
  const machine = describeMachine();
  const workshop = new Workshop();
  const stack = await (values.apart ? startApart(workshop) : startTogether(workshop));
  try {
    const callers = await Promise.all(Array.from({ length: 20 }, () => registerCaller(stack.url)));
    const possible = await loginsPerSecond(stack, callers[0] as Caller);
    console.error(`${possible.toFixed(0)} logins a second are possible`);
    // V8 compiles what it sees often: before that everything takes several times as long.
    await Promise.all([others(stack, callers), floodOf(stack, factor * possible)]);
    const measured: Round[] = [];
    for (let round = 0; round < rounds; round += 1) {
      console.error(`round ${round + 1} of ${rounds}`);
      const calm = await others(stack, callers);
      const [flooded, flood] = await Promise.all([others(stack, callers), floodOf(stack, factor * possible)]);
      measured.push({ calm, flooded, flood });
      await wait(2_000);
    }
    report(machine, possible, measured);
  } finally {
    await workshop.close();
    await stack.close();
  }
}

/** With as many clients as processors, each with one login at a time, that do nothing else. */
async function loginsPerSecond({ url }: BenchStack, caller: Caller): Promise<number> {
  let done = 0;
  const client = async (until: number): Promise<void> => {
    while (performance.now() < until) {
      await logIn(url, caller);
      done += 1;
    }
  };
  for (const forSeconds of [2, 3]) {
    done = 0;
    const until = performance.now() + forSeconds * 1_000;
    await Promise.all(Array.from({ length: 3 }, () => client(until)));
  }
  return done / 3;
}

/** Each from an address of their own, and so many of them that no limit stands in their way. */
function others({ url }: BenchStack, callers: readonly Caller[]): Promise<Load> {
  const requests = callers.map(({ token }, n) => ({
    path: '/projects',
    headers: { authorization: `Bearer ${token}`, 'x-forwarded-for': `203.0.113.${n}` },
  }));
  return runWrk({ url, requests }, { seconds, connections: 8, pauseMs: 20 });
}

async function floodOf({ url }: BenchStack, rate: number): Promise<Flood> {
  const args = ['test/support/login-flood.mjs', new URL(url).port, String(Math.ceil(rate)), String(seconds)];
  const running = promisify(execFile)(process.execPath, args);
  setPriority(running.child.pid as number, 5);
  const { stdout } = await running;
  return JSON.parse(stdout) as Flood;
}

function report(machine: string, possible: number, measured: readonly Round[]): void {
  const rows = measured.map(({ calm, flooded, flood: { sent, statuses } }, n) => [
    String(n + 1),
    ...[calm.p50, flooded.p50, calm.p99, flooded.p99, flooded.p99 / calm.p99].map((value) => value.toFixed(1)),
    String(calm.errors + flooded.errors),
    String(sent),
    Object.entries(statuses)
      .map(([status, count]) => `${status}: ${count}`)
      .join(', '),
  ]);
  const header = ['round', 'p50 calm', 'flooded', 'p99 calm', 'flooded', 'times', 'failed', 'logins sent', 'answers'];
  const ratio = (pick: (load: Load) => number) =>
    median(measured.map(({ calm, flooded }) => pick(flooded) / pick(calm)));
  const text = [
    `# npm run bench:login-flood${process.argv.length > 2 ? ` -- ${process.argv.slice(2).join(' ')}` : ''}`,
    `${machine}\n- ${possible.toFixed(0)} logins a second are possible; the flood is ${factor} times that; times in ms`,
    markdownTable(header, rows),
    `Everybody else: p50 ${ratio(({ p50 }) => p50).toFixed(2)} times, p99 ${ratio(({ p99 }) => p99).toFixed(2)} times.`,
  ];
  publish('login-flood', `${text.join('\n\n')}\n`);
}
