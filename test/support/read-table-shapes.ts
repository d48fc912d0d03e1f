import type { Database } from '@libs/persistence';

import type { ColumnShape, TableShape, TableShapes } from './table-shapes.js';

type Row = Record<string, unknown>;
const rowsOf = async (database: Database, sql: string): Promise<Row[]> => database.manager.query(sql) as Promise<Row[]>;

/** The tables of a service as its database tells them, without the list of migrations. */
export async function readTableShapes(database: Database): Promise<TableShapes> {
  const shapes = database.kind === 'mysql' ? await ofMysql(database) : await ofSqlite(database);
  const { migrations: _migrations, ...tables } = shapes;
  return tables;
}

async function ofMysql(database: Database): Promise<Record<string, TableShape>> {
  const columns = await rowsOf(
    database,
    `SELECT TABLE_NAME AS tab, COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable,
       COLUMN_DEFAULT AS fallback, EXTRA AS extra
     FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()`,
  );
  const unique = await rowsOf(
    database,
    `SELECT TABLE_NAME AS tab, GROUP_CONCAT(COLUMN_NAME ORDER BY SEQ_IN_INDEX) AS names
     FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND NON_UNIQUE = 0
     GROUP BY TABLE_NAME, INDEX_NAME`,
  );
  const references = await rowsOf(
    database,
    `SELECT TABLE_NAME AS tab, CONCAT(COLUMN_NAME, ' -> ', REFERENCED_TABLE_NAME) AS name
     FROM information_schema.KEY_COLUMN_USAGE
     WHERE TABLE_SCHEMA = DATABASE() AND REFERENCED_TABLE_NAME IS NOT NULL`,
  );
  const names = [...new Set(columns.map(({ tab }) => String(tab)))];
  const of = (rows: readonly Row[], table: string): Row[] => rows.filter(({ tab }) => tab === table);
  return Object.fromEntries(
    names.map((table) => [
      table,
      {
        columns: Object.fromEntries(of(columns, table).map((row) => [String(row['name']), columnOfMysql(row)])),
        unique: of(unique, table).map((row) => String(row['names'])),
        references: of(references, table).map((row) => String(row['name'])),
      },
    ]),
  );
}

const columnOfMysql = ({ type, nullable, fallback, extra }: Row): ColumnShape => ({
  type: String(type),
  isNullable: nullable === 'YES',
  // MariaDB says NULL in a word where there is none.
  hasDefault: (fallback !== null && fallback !== 'NULL') || /auto_increment/.test(String(extra)),
});

async function ofSqlite(database: Database): Promise<Record<string, TableShape>> {
  const tables = await rowsOf(
    database,
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
  );
  const shapes: Record<string, TableShape> = {};
  for (const { name } of tables) {
    const table = String(name);
    const indexes = await rowsOf(database, `SELECT name FROM pragma_index_list('${table}') WHERE "unique" = 1`);
    const unique: string[] = [];
    for (const index of indexes) {
      const parts = await rowsOf(database, `SELECT name FROM pragma_index_info('${String(index['name'])}')`);
      unique.push(parts.map((part) => String(part['name'])).join(','));
    }
    const columns = await rowsOf(database, `SELECT * FROM pragma_table_info('${table}')`);
    const references = await rowsOf(database, `SELECT * FROM pragma_foreign_key_list('${table}')`);
    shapes[table] = {
      columns: Object.fromEntries(columns.map((row) => [String(row['name']), columnOfSqlite(row)])),
      unique,
      references: references.map((row) => `${String(row['from'])} -> ${String(row['table'])}`),
    };
  }
  return shapes;
}

const columnOfSqlite = ({ type, notnull, dflt_value: fallback }: Row): ColumnShape => ({
  type: String(type).toLowerCase(),
  isNullable: Number(notnull) === 0,
  hasDefault: fallback !== null,
});
