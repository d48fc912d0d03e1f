import { Column, type ColumnOptions, DeleteDateColumn, PrimaryColumn } from 'typeorm';

/**
 * Columns of entities, in types that SQLite, MySQL and MariaDB all read back the same. The migration of the table says
 * what they are in the database (see `column`); nothing is ever derived from these.
 */
export interface ColumnChoice {
  readonly nullable?: boolean;
  /** The column's name in the table, where it is not the property's. */
  readonly name?: string;
}

const withChoice = (options: ColumnOptions, choice: ColumnChoice): ColumnOptions => ({ ...options, ...choice });

/** A primary key: a UUIDv7 from `newId`, made before the row is. */
export const IdColumn = (): PropertyDecorator => PrimaryColumn({ type: 'varchar', length: 36 });

/** The id of something else. */
export const ReferenceColumn = (choice: ColumnChoice = {}): PropertyDecorator =>
  Column(withChoice({ type: 'varchar', length: 36 }, choice));

export const TextColumn = (length: number, choice: ColumnChoice = {}): PropertyDecorator =>
  Column(withChoice({ type: 'varchar', length }, choice));

export const LongTextColumn = (choice: ColumnChoice = {}): PropertyDecorator =>
  Column(withChoice({ type: 'text' }, choice));

/** Whole numbers of 32 bits. */
export const IntegerColumn = (choice: ColumnChoice = {}): PropertyDecorator =>
  Column(withChoice({ type: 'int' }, choice));

export const BooleanColumn = (choice: ColumnChoice = {}): PropertyDecorator =>
  Column(withChoice({ type: 'boolean' }, choice));

/** A `Date`: UTC, to the millisecond. */
export const TimeColumn = (choice: ColumnChoice = {}): PropertyDecorator =>
  Column(withChoice({ type: 'datetime', precision: 3 }, choice));

/** Set when the row is deleted softly; TypeORM then leaves the row out of every find and select. */
export const DeletedAtColumn = (): PropertyDecorator =>
  DeleteDateColumn({ type: 'datetime', precision: 3, nullable: true });

/** Any JSON value. It is kept as text, because MySQL's own JSON type reorders keys and MariaDB's is text anyway. */
export const JsonColumn = (choice: ColumnChoice = {}): PropertyDecorator =>
  Column(withChoice({ type: 'text', transformer: jsonText }, choice));

const jsonText = {
  to: (value: unknown): unknown => (value === null || value === undefined ? value : JSON.stringify(value)),
  from: (text: unknown): unknown => (typeof text === 'string' ? JSON.parse(text) : text),
};
