import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';

import { type Caller, registerCaller } from './client/people.js';
import { describeMachine } from './machine.js';
import { publish } from './publish.js';
import { type ApartStack, startApart } from './subjects/stack.js';
import { Workshop } from './subjects/workshop.js';
import { markdownTable } from './tables/markdown.js';

const usage = `How long the end of a large tenant takes, and what others see of it.

  npm run bench:endings -- [options]

  --projects N    what the tenant has when it is deleted (default 1000000)
  --keys N        (default 20000)
  --instances N   (default 100000)
  --help          this text

A process for each service, on MariaDB and Redis. A small tenant is deleted right after the large one, and another one
creates, lists and deletes projects all the time.
`;

const { values } = parseArgs({
  options: {
    projects: { type: 'string', default: '1000000' },
    keys: { type: 'string', default: '20000' },
    instances: { type: 'string', default: '100000' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

/** A table, what counts as living in it, and how the copy of a row is told from it. */
interface Belongings {
  readonly schema: string;
  readonly table: string;
  readonly living: string;
  readonly unlike: readonly string[];
  readonly count: number;
}

const belongings: readonly Belongings[] = [
  {
    schema: 'project',
    table: 'projects',
    living: 'deletedAt IS NULL',
    unlike: ['id', 'name', 'livingNameKey'],
    count: Number(values.projects),
  },
  {
    schema: 'project',
    table: 'project_members',
    living: '1 = 1',
    unlike: ['id', 'projectId'],
    count: Number(values.projects),
  },
  {
    schema: 'ecs',
    table: 'instances',
    living: "deletedAt IS NULL AND status <> 'deleting'",
    unlike: ['id'],
    count: Number(values.instances),
  },
  {
    schema: 'auth',
    table: 'api_keys',
    living: 'revokedAt IS NULL',
    unlike: ['id'],
    count: Number(values.keys),
  },
];

if (values.help) process.stdout.write(usage);
else await run();

async function run(): Promise<void> {
  const machine = describeMachine();
  const workshop = new Workshop();
  const stack = await startApart(workshop);
  const connection = await createConnection(stack.databaseUrl);
  try {
    const title = `# npm run bench:endings${process.argv.length > 2 ? ` -- ${process.argv.slice(2).join(' ')}` : ''}`;
    publish('endings', `${[title, machine, await measure(stack, connection)].join('\n\n')}\n`);
  } finally {
    await connection.end();
    await workshop.close();
    await stack.close();
  }
}

function schemaOf({ databaseUrl }: ApartStack, schema: string): string {
  return `${new URL(databaseUrl).pathname.slice(1)}_${schema}`;
}

async function measure(stack: ApartStack, connection: Connection): Promise<string> {
  const [large, small, other] = await Promise.all([1, 2, 3].map(() => registerCaller(stack.url)));
  if (large === undefined || small === undefined || other === undefined) throw new Error('nobody is registered');
  const [largeId, smallId] = await Promise.all([large, small].map((caller) => furnish(stack.url, caller)));
  for (const each of belongings) {
    console.error(`${each.count} of ${each.table}`);
    await multiply(connection, schemaOf(stack, each.schema), each, String(largeId));
  }

  const seen = { times: [] as number[], failed: 0 };
  const load = new AbortController();
  const busy = useMeanwhile(stack.url, other, seen, load.signal);
  await wait(3_000);
  const quiet = quantiles(seen.times.splice(0));

  const began = performance.now();
  await call(stack.url, large, 'DELETE', `/tenants/${largeId}`);
  await call(stack.url, small, 'DELETE', `/tenants/${smallId}`);
  const gone = new Map<string, number>();
  const left = belongings.flatMap((each) => [largeId, smallId].map((id) => ({ each, id: String(id) })));
  while (gone.size < left.length) {
    for (const { each, id } of left) {
      const name = `${each.table} of the ${id === largeId ? 'large' : 'small'} one`;
      if (gone.has(name)) continue;
      const sql = `SELECT 1 FROM ${schemaOf(stack, each.schema)}.${each.table} WHERE tenantId = ? AND ${each.living} LIMIT 1`;
      const [rows] = await connection.query<RowDataPacket[]>(sql, [id]);
      if (rows.length > 0) continue;
      gone.set(name, (performance.now() - began) / 1000);
      console.error(`${name}: ${gone.get(name)?.toFixed(1)} s`);
    }
    await wait(200);
  }
  load.abort();
  await busy;
  return [
    markdownTable(
      ['what is gone', 'seconds'],
      [...gone].map(([name, seconds]) => [name, seconds.toFixed(1)]),
    ),
    markdownTable(
      ['calls of another tenant', 'median ms', '99 % ms', 'longest ms', 'failed'],
      [
        ['before', ...quiet, '0'],
        ['meanwhile', ...quantiles(seen.times), String(seen.failed)],
      ],
    ),
  ].join('\n\n');
}

async function call(url: string, { token }: Caller, method: string, path: string, body?: object) {
  const answer = await fetch(url + path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} answers ${answer.status}: ${text}`);
  return (text === '' ? {} : JSON.parse(text)) as Record<string, string>;
}

/** One of each, of which copies are made; answers the id of the tenant. */
async function furnish(url: string, caller: Caller): Promise<string> {
  const project = await call(url, caller, 'POST', '/projects', { name: 'one' });
  await call(url, caller, 'POST', '/ecs/instances', { projectId: project['id'], name: 'web' });
  await call(url, caller, 'POST', '/auth/api-keys', { name: 'robot' });
  return String(project['tenantId']);
}

async function multiply(connection: Connection, schema: string, each: Belongings, tenantId: string): Promise<void> {
  const [columns] = await connection.query<RowDataPacket[]>(
    'SELECT COLUMN_NAME AS name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?',
    [schema, each.table],
  );
  const names = columns.map(({ name }) => String(name));
  const copied = names.map((name) =>
    each.unlike.includes(name) ? `CONCAT('copy-', LPAD(s.seq, 31, '0'))` : `t.\`${name}\``,
  );
  await connection.query(
    `INSERT INTO ${schema}.${each.table} (${names.map((name) => `\`${name}\``).join(', ')})
     SELECT ${copied.join(', ')}
     FROM (SELECT * FROM ${schema}.${each.table} WHERE tenantId = ? LIMIT 1) t, ${schema}.seq_1_to_${each.count} s`,
    [tenantId],
  );
}

/** Creates, reads and deletes until told to stop. */
async function useMeanwhile(
  url: string,
  caller: Caller,
  seen: { readonly times: number[]; failed: number },
  stop: AbortSignal,
): Promise<void> {
  const timed = async (...request: [method: string, path: string, body?: object]) => {
    const began = performance.now();
    const answer = await call(url, caller, ...request).catch((error: unknown) => {
      seen.failed += 1;
      console.error(String(error));
      return undefined;
    });
    seen.times.push(performance.now() - began);
    await wait(40);
    return answer;
  };
  for (let n = 0; !stop.aborted; n += 1) {
    const project = await timed('POST', '/projects', { name: `project ${n}` });
    await timed('GET', '/projects');
    if (project !== undefined) await timed('DELETE', `/projects/${project['id']}`);
  }
}

function quantiles(times: readonly number[]): string[] {
  const sorted = times.toSorted((a, b) => a - b);
  return [0.5, 0.99, 1].map((share) => (sorted[Math.ceil(share * sorted.length) - 1] ?? 0).toFixed(0));
}
