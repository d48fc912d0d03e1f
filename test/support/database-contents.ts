import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import Libsql from 'libsql';
import { createConnection, type RowDataPacket } from 'mysql2/promise';

import { DistributedStack, type Stack } from './stack.js';

/** What the house does on its own: events, letters and the record of refusals come and go by themselves. */
const restless = /outbox|letter|mail|audit|idempotency|migrations|sqlite_|cursor/;
/** A key that was used says so, whatever it was let do. */
const restlessIn: Record<string, readonly string[]> = { api_keys: ['lastUsedAt', 'lastUsedAddress'] };

type Contents = Record<string, string>;

/** A fingerprint of every table of every service, by `service/table`. */
export const databaseContents = (stack: Stack): Promise<Contents> =>
  stack instanceof DistributedStack
    ? contentsOfServer(stack.mariaDb.url)
    : Promise.resolve(contentsOfFiles(stack.dataDir));

function contentsOfFiles(dataDir: string): Contents {
  const contents: Contents = {};
  for (const file of readdirSync(dataDir).filter((name) => name.endsWith('.db'))) {
    const database = new Libsql(join(dataDir, file), { readonly: true });
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as { name: string }[];
    for (const { name } of tables.filter((table) => !restless.test(table.name))) {
      contents[`${file}/${name}`] = fingerprint(name, database.prepare(`SELECT * FROM "${name}"`).all());
    }
    database.close();
  }
  return contents;
}

async function contentsOfServer(url: string): Promise<Contents> {
  const contents: Contents = {};
  const connection = await createConnection(url);
  const [tables] = await connection.query<RowDataPacket[]>(
    "SELECT table_schema AS service, table_name AS name FROM information_schema.tables WHERE table_schema LIKE 'gatehouse\\_%'",
  );
  for (const { service, name } of tables.filter((table) => !restless.test(table['name'] as string)) as Named[]) {
    const [rows] = await connection.query<RowDataPacket[]>(`SELECT * FROM \`${service}\`.\`${name}\``);
    contents[`${service}/${name}`] = fingerprint(name, rows);
  }
  await connection.end();
  return contents;
}

type Named = RowDataPacket & { readonly service: string; readonly name: string };

function fingerprint(table: string, rows: readonly unknown[]): string {
  const ignored = restlessIn[table] ?? [];
  const texts = rows.map((row) =>
    JSON.stringify(row, (key, value: unknown) => (ignored.includes(key) ? undefined : value)),
  );
  return createHash('sha256').update(texts.toSorted().join('\n')).digest('hex');
}
