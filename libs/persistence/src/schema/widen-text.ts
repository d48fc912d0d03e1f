import type { QueryRunner, TableColumnOptions } from 'typeorm';

/** Makes room for longer text, beside processes that write the column meanwhile. SQLite knows no lengths. */
export async function widenText(runner: QueryRunner, table: string, { name, type, isNullable }: TableColumnOptions) {
  if (runner.dataSource.options.type !== 'mysql') return;
  const nullable = isNullable === true ? 'NULL' : 'NOT NULL';
  await runner.query(`ALTER TABLE \`${table}\` MODIFY COLUMN \`${name}\` ${type} ${nullable}`);
}
