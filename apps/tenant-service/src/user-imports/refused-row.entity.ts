import { Entity } from 'typeorm';

import type { FieldError } from '@libs/errors';
import { IdColumn, IntegerColumn, JsonColumn, ReferenceColumn, TextColumn } from '@libs/persistence';

/** A row of a table of which no user was made. */
@Entity('user_import_refusals')
export class RefusedRow {
  @IdColumn()
  id!: string;

  @ReferenceColumn()
  importId!: string;

  /** How many rows of the table come before. */
  @IntegerColumn()
  position!: number;

  /** Of the file, from 1; the header is the first. 0: the table could not be read any further. */
  @IntegerColumn()
  line!: number;

  @TextColumn(128)
  reason!: string;

  @JsonColumn()
  errors!: readonly FieldError[];
}
