import { randomBytes, randomInt, randomUUID } from 'node:crypto';

import type { Connection } from 'mysql2/promise';

import type { ColumnShape, TableShapes } from './table-shapes.js';

/** Runs a statement, wherever. */
export type Run = (sql: string, values: readonly unknown[]) => Promise<unknown>;

/** Writes, changes and deletes a row in each table as a process does that knows the tables as they are handed in. */
export async function writeAsBefore(run: Run, shapes: TableShapes): Promise<void> {
  for (const [table, { columns }] of Object.entries(shapes)) {
    const names = Object.keys(columns);
    const values = names.map((name) => valueFor(columns[name] as ColumnShape));
    const quoted = names.map((name) => `\`${name}\``);
    await run(`INSERT INTO \`${table}\` (${quoted.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`, values);
    const same = `${quoted[0]} = ?`;
    await run(`UPDATE \`${table}\` SET ${quoted.map((name) => `${name} = ?`).join(', ')} WHERE ${same}`, [
      ...values,
      values[0],
    ]);
    await run(`SELECT ${quoted.join(', ')} FROM \`${table}\` WHERE ${same}`, [values[0]]);
    await run(`DELETE FROM \`${table}\` WHERE ${same}`, [values[0]]);
  }
}

/** Goes on writing until it is stopped; tells how often it has written everything. A failure ends it. */
export function keepWriting(connection: Connection, shapes: TableShapes): () => Promise<number> {
  let isStopping = false;
  let rounds = 0;
  const running = (async () => {
    while (!isStopping) {
      await writeAsBefore((sql, values) => connection.query(sql, [...values]), shapes);
      rounds += 1;
    }
    return rounds;
  })();
  running.catch(() => undefined);
  return () => {
    isStopping = true;
    return running;
  };
}

function valueFor({ type }: ColumnShape): unknown {
  const length = Number(/^varchar\((\d+)\)$/.exec(type)?.[1]);
  if (type === 'varchar(36)') return randomUUID();
  if (length > 0)
    return randomBytes(Math.ceil(Math.min(length, 24) / 2))
      .toString('hex')
      .slice(0, length);
  if (type === 'longtext') return '{}';
  if (type.startsWith('datetime')) return new Date().toISOString().replace('T', ' ').replace('Z', '');
  if (type.startsWith('tinyint')) return 1;
  if (type.startsWith('int')) return randomInt(1, 2 ** 31);
  throw new Error(`no value for ${type}`);
}
