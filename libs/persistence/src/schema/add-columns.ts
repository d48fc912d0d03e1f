import type { QueryRunner, TableColumnOptions } from 'typeorm';

/**
 * Adds the nullable columns that are not there yet: see `createTable` for why a migration may be run twice. An older
 * version that still runs knows nothing of them, so nothing may be required. TypeORM's own `addColumn` would make the
 * table anew on SQLite, and lose what refers to it.
 */
export async function addColumns(
  runner: QueryRunner,
  table: string,
  columns: readonly TableColumnOptions[],
): Promise<void> {
  for (const { name, type, isNullable } of columns) {
    if (isNullable !== true) throw new Error(`An older version could not write ${table}.${name}: make it nullable.`);
    if (await runner.hasColumn(table, name)) continue;
    await runner.query(`ALTER TABLE \`${table}\` ADD COLUMN \`${name}\` ${type} NULL`);
  }
}
