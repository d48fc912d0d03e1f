import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { type Caller, registerCaller } from './client/people.js';
import { describeMachine } from './machine.js';
import { publish } from './publish.js';
import { fillTenant } from './million/fill-tenant.js';
import { type OpenTables, tablesOf, tablesOnDisk } from './million/open-tables.js';
import { bustle, type Bustle } from './million/bustle.js';
import { type Seen, steadyCalls } from './million/steady-calls.js';
import { startApart, startTogether } from './subjects/stack.js';
import { Workshop } from './subjects/workshop.js';
import { markdownTable } from './tables/markdown.js';

const usage = `What a tenant sees beside another one of a million projects, 20 clients of which list without rest.

  npm run bench:million -- [options]

  --projects N    of the large tenant (default 1000000)
  --seconds N     of calm, and twice as many beside the clients (default 20)
  --store S       mariadb, embedded or both (default both)
  --help          this text

The clients ask for every order and filter of the list of projects, for the pages behind, and for the dashboard; some of them
see all projects, some a few, and some a fifth. The other tenant lists, searches, reads, creates and sees its dashboard, twenty
calls a second whether or not the ones before are answered. The limits of requests are those that config/gateway.yaml has.
`;

const { values } = parseArgs({
  options: {
    projects: { type: 'string', default: '1000000' },
    seconds: { type: 'string', default: '20' },
    store: { type: 'string', default: 'both' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

/** How many of the clients see what. */
const kinds = { admin: 14, few: 3, fifth: 3 } as const;

if (values.help) process.stdout.write(usage);
else await run();

async function run(): Promise<void> {
  const machine = describeMachine();
  const parts: string[] = [];
  if (values.store !== 'embedded') parts.push('## MariaDB, a process for each', await onMariaDb());
  if (values.store !== 'mariadb') parts.push('## Embedded', await embedded());
  const title = `# npm run bench:million${process.argv.length > 2 ? ` -- ${process.argv.slice(2).join(' ')}` : ''}`;
  publish('million', `${[title, machine, ...parts].join('\n\n')}\n`);
}

async function onMariaDb(): Promise<string> {
  const workshop = new Workshop();
  const stack = await startApart(workshop);
  const tables = await tablesOf(stack.databaseUrl);
  try {
    return await measure(stack.url, tables);
  } finally {
    await tables.close();
    await workshop.close();
    await stack.close();
  }
}

async function embedded(): Promise<string> {
  const workshop = new Workshop();
  const stack = await startTogether(workshop);
  const tables = tablesOnDisk(stack.dataDir);
  try {
    return await measure(stack.url, tables);
  } finally {
    await tables.close();
    await workshop.close();
  }
}

async function measure(url: string, tables: OpenTables): Promise<string> {
  const [large, other] = [await registerCaller(url), await registerCaller(url)];
  const clients: { caller: Caller; kind: keyof typeof kinds }[] = [];
  for (const [kind, count] of Object.entries(kinds)) {
    for (let n = 0; n < count; n += 1)
      clients.push({ caller: await registerCaller(url), kind: kind as keyof typeof kinds });
  }
  console.error(`${values.projects} projects`);
  const tenantId = await fillTenant(url, tables, large, clients, Number(values.projects));

  const calm = await steadyCalls(url, other, Number(values.seconds) * 1_000);
  const stop = new AbortController();
  const noise: Bustle = { statuses: new Map(), times: new Map() };
  const busy = clients.map(({ caller }, n) => bustle(url, caller, tenantId, n, noise, stop.signal));
  await wait(3_000);
  const beside = await steadyCalls(url, other, Number(values.seconds) * 2_000);
  stop.abort();
  await Promise.all(busy);
  const text = [comparison(calm, beside), whatClientsSaw(noise)].join('\n\n');
  console.error(text);
  return text;
}

function comparison(calm: Seen, beside: Seen): string {
  const lines = [...calm.times.keys(), 'all'].map((call) => {
    const [before, after] = [calm, beside].map(({ times }) =>
      call === 'all' ? [...times.values()].flat() : (times.get(call) ?? []),
    ) as [number[], number[]];
    const p99 = [quantile(before, 0.99), quantile(after, 0.99)] as const;
    return [
      call,
      quantile(before, 0.5).toFixed(1),
      p99[0].toFixed(1),
      quantile(after, 0.5).toFixed(1),
      p99[1].toFixed(1),
      (p99[1] / p99[0]).toFixed(1),
    ];
  });
  const head = [
    'calls of the other tenant',
    'calm, median ms',
    'calm, 99 % ms',
    'beside, median',
    'beside, 99 %',
    'ratio',
  ];
  return `${markdownTable(head, lines)}\n\nIts answers: calm ${told(calm.statuses)}; beside ${told(beside.statuses)}.`;
}

function whatClientsSaw({ statuses, times }: Bustle): string {
  const slowest = [...times]
    .map(
      ([call, all]) => [call, String(all.length), quantile(all, 0.5).toFixed(0), quantile(all, 1).toFixed(0)] as const,
    )
    .toSorted((a, b) => Number(b[2]) - Number(a[2]));
  return `${markdownTable(['calls of the clients', 'answered', 'median ms', 'longest ms'], slowest)}\n\nTheir answers: ${told(statuses)}.`;
}

function told(statuses: ReadonlyMap<number, number>): string {
  return [...statuses].map(([status, count]) => `${count} of ${status}`).join(', ');
}

function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}
