import { type QueryRunner, Table, type TableColumnOptions } from 'typeorm';

export interface TableShape {
  readonly columns: readonly TableColumnOptions[];
  readonly unique?: readonly (readonly string[])[];
  readonly index?: readonly (readonly string[])[];
  readonly references?: readonly { readonly column: string; readonly table: string; readonly onDelete?: 'CASCADE' }[];
}

export const named = (kind: string, table: string, columns: readonly string[]): string =>
  [kind, table, ...columns].join('_');

/**
 * Creates a table with its indexes in one statement, or leaves the one that is there. MySQL commits each DDL statement
 * by itself, so a migration that was killed half way is run again from its start: migrations are made of statements
 * that may be run twice.
 */
export const createTable = (runner: QueryRunner, name: string, shape: TableShape): Promise<void> =>
  runner.createTable(
    new Table({
      name,
      columns: [...shape.columns],
      indices: [
        ...(shape.unique ?? []).map((columns) => ({
          name: named('uq', name, columns),
          columnNames: [...columns],
          isUnique: true,
        })),
        ...(shape.index ?? []).map((columns) => ({ name: named('ix', name, columns), columnNames: [...columns] })),
      ],
      foreignKeys: (shape.references ?? []).map((reference) => ({
        name: named('fk', name, [reference.column]),
        columnNames: [reference.column],
        referencedTableName: reference.table,
        referencedColumnNames: ['id'],
        ...(reference.onDelete === undefined ? {} : { onDelete: reference.onDelete }),
      })),
    }),
    true,
  );
