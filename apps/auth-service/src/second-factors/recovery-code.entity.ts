import { Entity } from 'typeorm';

import { IdColumn, ReferenceColumn, TextColumn, TimeColumn } from '@libs/persistence';

/** A code on paper, for whoever has lost all other second factors. The row goes when it is used. */
@Entity('recovery_codes')
export class RecoveryCode {
  @IdColumn()
  id!: string;

  @ReferenceColumn()
  userId!: string;

  @TextColumn(43)
  codeHash!: string;

  @TimeColumn()
  createdAt!: Date;
}
