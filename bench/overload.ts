import { execFile } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';

import { describeMachine } from './machine.js';
import { median } from './measure/statistics.js';
import { publish } from './publish.js';
import { type StartedGateway, startFloodedGateway } from './subjects/gateway.js';
import { findProgram, missing } from './subjects/programs.js';
import { setUp } from './subjects/surroundings.js';
import { markdownTable } from './tables/markdown.js';

const usage = `What many more clients than the gateway can serve do to those that it serves.

  npm run bench:overload -- [options]

  --connections LIST  how many clients ask without rest (default 16,1000,4000); the first number is the calm
  --rounds N          how often they take turns (default 5)
  --seconds N         how long each (default 4)
  --help              this text

Goodput is the good answers a second, as a share of the calm. Times are those of good answers. Probes are /health and
/ready, asked for on both ports beside the flood. Figures are medians over the rounds.
`;

const { values } = parseArgs({
  options: {
    connections: { type: 'string', default: '16,1000,4000' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

interface Flood {
  readonly statuses: Readonly<Record<string, number>>;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

interface Turn extends Flood {
  readonly slowestProbeMs: number;
  readonly failedProbes: number;
}

const sizes = values.connections.split(',').map(Number);
const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)];

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
    const gateway = await startFloodedGateway(around);
    // V8 compiles what it sees often: before that everything takes several times as long.
    await flood(gateway, sizes[0] as number);
    const measured: Turn[][] = [];
    for (let round = 0; round < rounds; round += 1) {
      console.error(`round ${round + 1} of ${rounds}`);
      const turns: Turn[] = [];
      for (const connections of sizes) {
        turns.push(await probed(gateway, flood(gateway, connections)));
        // What the flood left behind is no part of the next turn.
        await wait(6_000);
      }
      measured.push(turns);
    }
    report(machine, measured);
  } finally {
    await around.close();
  }
}

async function flood({ port }: StartedGateway, connections: number): Promise<Flood> {
  const args = ['test/support/flood.mjs', port, connections, seconds].map(String);
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as Flood;
}

/** Asks for health and readiness as long as `flooding` goes on. */
async function probed({ url, managementUrl }: StartedGateway, flooding: Promise<Flood>): Promise<Turn> {
  let isOver = false;
  void flooding.finally(() => (isOver = true));
  let [slowestProbeMs, failedProbes] = [0, 0];
  while (!isOver) {
    for (const probe of [`${url}/health`, `${url}/ready`, `${managementUrl}/ready`]) {
      const begun = performance.now();
      const isFine = await fetch(probe).then(
        ({ status }) => status === 200,
        () => false,
      );
      if (!isFine) failedProbes += 1;
      slowestProbeMs = Math.max(slowestProbeMs, performance.now() - begun);
    }
    await wait(20);
  }
  return { ...(await flooding), slowestProbeMs, failedProbes };
}

function report(machine: string, measured: readonly (readonly Turn[])[]): void {
  const good = (turn: Turn | undefined): number => turn?.statuses['200'] ?? 0;
  const rows = sizes.map((connections, n) => {
    const turns = measured.map((round) => round[n] as Turn);
    const middle = (pick: (turn: Turn) => number) => median(turns.map(pick));
    return [
      String(connections),
      (middle(good) / seconds).toFixed(0),
      median(measured.map((round) => good(round[n]) / good(round[0]))).toFixed(2),
      middle(({ p50 }) => p50).toFixed(0),
      middle(({ p99 }) => p99).toFixed(0),
      (middle(({ statuses }) => statuses['503'] ?? 0) / seconds).toFixed(0),
      middle(({ slowestProbeMs }) => slowestProbeMs).toFixed(0),
      String(turns.reduce((sum, { failedProbes }) => sum + failedProbes, 0)),
    ];
  });
  const header = ['clients', 'good/s', 'goodput', 'p50 ms', 'p99 ms', '503/s', 'slowest probe ms', 'probes failed'];
  const command = `# npm run bench:overload${process.argv.length > 2 ? ` -- ${process.argv.slice(2).join(' ')}` : ''}`;
  publish('overload', `${[command, machine, markdownTable(header, rows)].join('\n\n')}\n`);
}
