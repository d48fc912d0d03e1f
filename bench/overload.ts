import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';

import { describeMachine } from './machine.js';
import { median } from './measure/statistics.js';
import { publish } from './publish.js';
import { ownDist, type StartedGateway, startFloodedGateway } from './subjects/gateway.js';
import { findProgram, missing } from './subjects/programs.js';
import { setUp, type Surroundings } from './subjects/surroundings.js';
import { markdownTable } from './tables/markdown.js';

const usage = `What many more clients than the gateway can serve do to those that it serves.

  npm run bench:overload -- [options]

  --connections LIST  how many clients there are (default 100,1000,4000,6000,8000)
  --times N           how many times the capacity they ask for, all together; 0: each one asks again at once (default 5)
  --rounds N          how often they take turns (default 3)
  --seconds N         how long each (default 8)
  --against FOLDER    measure another build of the gateway (a dist folder) instead of this one
  --help              this text

The capacity is what 64 clients get that ask again at once, measured in each round; the goodput is the good answers a
second, as a share of the best of the round. Refusals are timed from the question. Probes are /health and /ready on the
public port, and /ready and the metrics on the management port, asked for beside the flood. Clients, gateway and the
service share the machine. Figures are medians over the rounds, except for counts, which are sums.
`;

const { values } = parseArgs({
  options: {
    connections: { type: 'string', default: '100,1000,4000,6000,8000' },
    times: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '8' },
    against: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

/** Milliseconds. */
interface Flood {
  readonly statuses: Readonly<Record<string, number>>;
  readonly broken: number;
  readonly waiting: number;
  readonly p50: number;
  readonly p99: number;
  readonly refusedP50: number;
  readonly refusedP99: number;
  /** How late the clients themselves were. */
  readonly lateP99: number;
}

interface Turn extends Flood {
  readonly publicMs: readonly number[];
  readonly managementMs: readonly number[];
  readonly failedProbes: number;
  readonly logBytes: number;
  /** Outcomes that open circuits, ejections, and instances that are not fit at the end. */
  readonly judged: number;
}

const enoughForCapacity = 64;
const sizes = values.connections.split(',').map(Number);
const [rounds, seconds, times] = [Number(values.rounds), Number(values.seconds), Number(values.times)];

if (values.help) process.stdout.write(usage);
else await run();

async function run(): Promise<void> {
  const absent = ['nginx', 'redis-server'].filter((name) => findProgram(name) === undefined);
  if (absent.length > 0) {
    console.error(missing(absent));
    process.exitCode = 69;
    return;
  }
  const machine = describeMachine();
  const around = await setUp({ instances: 1 });
  try {
    const measured: { capacity: number; turns: Turn[] }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      console.error(`round ${round + 1} of ${rounds}`);
      measured.push(await oneRound(around));
    }
    report(machine, measured);
  } finally {
    await around.close();
  }
}

async function oneRound(around: Surroundings): Promise<{ capacity: number; turns: Turn[] }> {
  const gateway = await startFloodedGateway(around, values.against === undefined ? ownDist : resolve(values.against));
  try {
    // V8 compiles what it sees often: before that everything takes several times as long.
    await flood(gateway, enoughForCapacity, seconds);
    const capacity = goodOf(await flood(gateway, enoughForCapacity, seconds)) / seconds;
    const turns: Turn[] = [];
    for (const connections of sizes) {
      // What the flood left behind is no part of the next turn.
      await wait(6_000);
      turns.push(await probed(gateway, flood(gateway, connections, seconds, times * capacity)));
      console.error(
        `  ${connections} clients: ${JSON.stringify(brief(turns.at(-1) as Turn))} of ${capacity.toFixed(0)}/s`,
      );
    }
    return { capacity, turns };
  } finally {
    process.kill(gateway.pid, 'SIGTERM');
  }
}

function goodOf({ statuses }: Flood): number {
  return statuses['200'] ?? 0;
}

async function flood({ port }: StartedGateway, connections: number, during: number, rate = 0): Promise<Flood> {
  const args = ['test/support/flood.mjs', port, connections, during, ...(rate === 0 ? [] : [rate])].map(String);
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as Flood;
}

/** Asks for health, readiness and management as long as `flooding` goes on. */
async function probed(gateway: StartedGateway, flooding: Promise<Flood>): Promise<Turn> {
  const { url, managementUrl } = gateway;
  let isOver = false;
  void flooding.finally(() => (isOver = true));
  let failedProbes = 0;
  const ask = async (all: readonly string[]): Promise<number[]> => {
    const tookMs: number[] = [];
    for (let n = 0; !isOver; n += 1) {
      const begun = performance.now();
      const isFine = await fetch(all[n % all.length] as string).then(
        async (answer) => (await answer.text()) !== '' && answer.status === 200,
        () => false,
      );
      if (!isFine) failedProbes += 1;
      tookMs.push(performance.now() - begun);
      await wait(50);
    }
    return tookMs;
  };
  const [logBefore, judgedBefore] = [logSizeOf(gateway), await judgedBy(gateway)];
  const [publicMs, managementMs] = await Promise.all([
    ask([`${url}/health`, `${url}/ready`]),
    ask([`${managementUrl}/ready`, `${managementUrl}/actuator/prometheus`]),
  ]);
  const flooded = await flooding;
  const judged = (await judgedBy(gateway)) - judgedBefore;
  return { ...flooded, publicMs, managementMs, failedProbes, logBytes: logSizeOf(gateway) - logBefore, judged };
}

function logSizeOf({ folder }: StartedGateway): number {
  return statSync(`${folder}.log`).size;
}

/** What was held against an instance, as the metrics count it. */
async function judgedBy({ managementUrl }: StartedGateway): Promise<number> {
  const text = await (await fetch(`${managementUrl}/actuator/prometheus`)).text();
  let sum = 0;
  for (const line of text.split('\n')) {
    const isJudgement =
      line.startsWith('gateway_ejections_total{') ||
      /^gateway_upstream_requests_total\{.*outcome="(timeout|unreachable|reset|malformed|broken|error)"/.test(line) ||
      /^gateway_instances\{.*status="(unreachable|ejected|unhealthy|trial)"/.test(line);
    if (isJudgement) sum += Number(line.slice(line.lastIndexOf(' ') + 1));
  }
  return sum;
}

function quantile(all: readonly number[], share: number): number {
  return all.toSorted((a, b) => a - b)[Math.min(all.length - 1, Math.floor(share * all.length))] ?? NaN;
}

function brief(turn: Turn): object {
  return {
    good: Math.round(goodOf(turn) / seconds),
    p99: turn.p99,
    refused: Math.round((turn.statuses['503'] ?? 0) / seconds),
    refusedP99: turn.refusedP99,
    health: Math.round(quantile(turn.publicMs, 0.99)),
    management: Math.round(quantile(turn.managementMs, 0.99)),
    failed: turn.failedProbes,
    judged: turn.judged,
    log: Math.round(turn.logBytes / seconds),
    late: turn.lateP99,
    statuses: turn.statuses,
    broken: turn.broken,
    waiting: turn.waiting,
  };
}

function report(machine: string, measured: readonly { capacity: number; turns: readonly Turn[] }[]): void {
  const peaks = measured.map(({ capacity, turns }) =>
    Math.max(capacity, ...turns.map((turn) => goodOf(turn) / seconds)),
  );
  const rows = sizes.map((connections, n) => {
    const turns = measured.map((round) => round.turns[n] as Turn);
    const middle = (pick: (turn: Turn) => number) => median(turns.map(pick)).toFixed(0);
    const sum = (pick: (turn: Turn) => number) => String(turns.reduce((all, turn) => all + pick(turn), 0));
    return [
      String(connections),
      middle((turn) => goodOf(turn) / seconds),
      median(turns.map((turn, round) => goodOf(turn) / seconds / (peaks[round] as number))).toFixed(2),
      middle(({ p50 }) => p50),
      middle(({ p99 }) => p99),
      middle(({ statuses }) => (statuses['503'] ?? 0) / seconds),
      middle(({ refusedP50 }) => refusedP50),
      middle(({ refusedP99 }) => refusedP99),
      middle(({ publicMs }) => quantile(publicMs, 0.99)),
      middle(({ managementMs }) => quantile(managementMs, 0.99)),
      sum(({ failedProbes }) => failedProbes),
      sum(({ judged }) => judged),
      middle(({ logBytes }) => logBytes / seconds / 1024),
      middle(({ lateP99 }) => lateP99),
    ];
  });
  const header = [
    'clients',
    'good/s',
    'of the peak',
    'p50 ms',
    'p99 ms',
    '503/s',
    '503 p50 ms',
    '503 p99 ms',
    'health p99 ms',
    'management p99 ms',
    'probes failed',
    'judged',
    'log KiB/s',
    'clients late p99 ms',
  ];
  const command = `# npm run bench:overload${process.argv.length > 2 ? ` -- ${process.argv.slice(2).join(' ')}` : ''}`;
  const capacity = `- capacity: ${median(measured.map((round) => round.capacity)).toFixed(0)} good answers/s with ${enoughForCapacity} clients that ask again at once`;
  publish('overload', `${[command, `${machine}\n${capacity}`, markdownTable(header, rows)].join('\n\n')}\n`);
}
