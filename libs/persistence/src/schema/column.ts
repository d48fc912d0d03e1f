import type { TableColumnOptions } from 'typeorm';

import type { ColumnChoice } from '../columns/entity-columns.js';

type Choice = Pick<ColumnChoice, 'nullable'> & { readonly unique?: boolean };

const ofType =
  (type: string) =>
  (name: string, choice: Choice = {}): TableColumnOptions => ({
    name,
    type,
    isNullable: choice.nullable ?? false,
    isUnique: choice.unique ?? false,
  });

/**
 * The columns of a migration's `createTable`, by the same words as the decorators of the entities. The type names are
 * MySQL's: SQLite takes any name and reads its affinity out of it. Text has the collation of the schema, which compares
 * by code point, as SQLite does: `Alice` and `alice` are two names everywhere.
 */
export const column = {
  id: (): TableColumnOptions => ({ name: 'id', type: 'varchar(36)', isPrimary: true }),
  reference: ofType('varchar(36)'),
  text: (name: string, length: number, choice: Choice = {}): TableColumnOptions =>
    ofType(`varchar(${length})`)(name, choice),
  longText: ofType('longtext'),
  integer: ofType('int'),
  boolean: ofType('tinyint(1)'),
  time: ofType('datetime(3)'),
  json: ofType('longtext'),
  version: (): TableColumnOptions => ofType('int')('version'),
  createdAt: (): TableColumnOptions => ofType('datetime(3)')('createdAt'),
  updatedAt: (): TableColumnOptions => ofType('datetime(3)')('updatedAt'),
  deletedAt: (): TableColumnOptions => ofType('datetime(3)')('deletedAt', { nullable: true }),
  /** `id version createdAt updatedAt`, the columns of `VersionedRecord`. */
  versioned: (): TableColumnOptions[] => [column.id(), column.version(), column.createdAt(), column.updatedAt()],
};
