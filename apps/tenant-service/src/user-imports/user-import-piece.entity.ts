import { Entity } from 'typeorm';

import { IdColumn, IntegerColumn, LongTextColumn, ReferenceColumn } from '@libs/persistence';

/** Some rows of a table that wait for their import. They may hold hashes of passwords, and go when they are done. */
@Entity('user_import_pieces')
export class UserImportPiece {
  @IdColumn()
  id!: string;

  @ReferenceColumn()
  importId!: string;

  /** How many rows of the table come before. */
  @IntegerColumn()
  firstRow!: number;

  @LongTextColumn()
  sealedRows!: string;
}
