import { Entity } from 'typeorm';

import { IdColumn, IntegerColumn, TextColumn, TimeColumn } from '@libs/persistence';

/** A version was put in force: the newest of these says which one counts. Rolling back adds one, too. */
@Entity('configuration_publications')
export class ConfigurationPublication {
  @IdColumn()
  id!: string;

  /** Counts from 1. */
  @IntegerColumn()
  number!: number;

  /** The number of the version. */
  @IntegerColumn()
  version!: number;

  @TextColumn(200)
  author!: string;

  @TextColumn(1000)
  reason!: string;

  @TimeColumn()
  createdAt!: Date;
}
