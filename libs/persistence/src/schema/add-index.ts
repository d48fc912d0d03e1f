import { type QueryRunner, TableIndex } from 'typeorm';

import { named } from './create-table.js';

/** Adds an index, or leaves the one that is there. */
export async function addIndex(runner: QueryRunner, table: string, columns: readonly string[]): Promise<void> {
  const name = named('ix', table, columns);
  const found = await runner.getTable(table);
  if (found?.indices.some((index) => index.name === name) === true) return;
  await runner.createIndex(table, new TableIndex({ name, columnNames: [...columns] }));
}
