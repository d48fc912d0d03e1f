import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import Libsql from 'libsql';
import { createConnection, type RowDataPacket } from 'mysql2/promise';

import { until } from '@libs/testing';

import { DistributedStack, type Stack } from './stack.js';

/** What the house does on its own: events, letters and the record of refusals come and go by themselves. */
const restless = /outbox|letter|mail|audit|security_events|idempotency|migrations|sqlite_|cursor/;
/** A key that was used says so, whatever it was let do. */
const restlessIn: Record<string, readonly string[]> = { api_keys: ['lastUsedAt', 'lastUsedAddress'] };

type Contents = Record<string, string>;
type Row = Readonly<Record<string, unknown>>;
type Tables = Record<string, readonly Row[]>;

/** Every table of every service that `isWanted`, by `service/table`. */
const tablesOf = (stack: Stack, isWanted: (name: string) => boolean): Promise<Tables> =>
  stack instanceof DistributedStack
    ? tablesOfServer(stack.mariaDb.url, isWanted)
    : Promise.resolve(tablesOfFiles(stack.dataDir, isWanted));

/** A fingerprint of every table of every service, when all of them have followed what has ended. */
export async function databaseContents(stack: Stack): Promise<Contents> {
  await until(() => isFollowed(stack), Boolean, 30_000);
  const tables = await tablesOf(stack, (name) => !restless.test(name));
  return Object.fromEntries(
    Object.entries(tables).map(([place, rows]) => [place, fingerprint(place.split('/').at(-1) ?? '', rows)]),
  );
}

/** What ends in one service is followed by others a moment later: that is nobody's call. */
async function isFollowed(stack: Stack): Promise<boolean> {
  const tables = Object.entries(
    await tablesOf(stack, (name) => /^(?:endings_head|followed_endings|endings_under_way)$/.test(name)),
  );
  const named = (name: string) => tables.filter(([place]) => place.endsWith(`/${name}`));
  const heads = named('endings_head').map(([place, rows]) => [place, Number(rows[0]?.['position'] ?? 0)] as const);
  const headOf = (source: string): number =>
    heads.find(([place]) => place.includes(source.replace('-service', '')))?.[1] ?? 0;
  if (named('endings_under_way').some(([, rows]) => rows.length > 0)) return false;
  return named('followed_endings').every(([, rows]) =>
    rows.every(({ source, position }) => Number(position) >= headOf(String(source))),
  );
}

function tablesOfFiles(dataDir: string, isWanted: (name: string) => boolean): Tables {
  const found: Tables = {};
  for (const file of readdirSync(dataDir).filter((name) => name.endsWith('.db'))) {
    const database = new Libsql(join(dataDir, file), { readonly: true });
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as { name: string }[];
    for (const { name } of tables.filter((table) => isWanted(table.name))) {
      found[`${file}/${name}`] = database.prepare(`SELECT * FROM "${name}"`).all() as Row[];
    }
    database.close();
  }
  return found;
}

async function tablesOfServer(url: string, isWanted: (name: string) => boolean): Promise<Tables> {
  const found: Tables = {};
  const connection = await createConnection(url);
  const [tables] = await connection.query<RowDataPacket[]>(
    "SELECT table_schema AS service, table_name AS name FROM information_schema.tables WHERE table_schema LIKE 'gatehouse\\_%'",
  );
  for (const { service, name } of tables.filter((table) => isWanted(table['name'] as string)) as Named[]) {
    const [rows] = await connection.query<RowDataPacket[]>(`SELECT * FROM \`${service}\`.\`${name}\``);
    found[`${service}/${name}`] = rows;
  }
  await connection.end();
  return found;
}

type Named = RowDataPacket & { readonly service: string; readonly name: string };

function fingerprint(table: string, rows: readonly unknown[]): string {
  const ignored = restlessIn[table] ?? [];
  const texts = rows.map((row) =>
    JSON.stringify(row, (key, value: unknown) => (ignored.includes(key) ? undefined : value)),
  );
  return createHash('sha256').update(texts.toSorted().join('\n')).digest('hex');
}
