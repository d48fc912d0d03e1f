import { Entity } from 'typeorm';

import { IdColumn, IntegerColumn, LongTextColumn, TextColumn, TimeColumn } from '@libs/persistence';

/** A whole configuration as it was written. Never changed once it is there. */
@Entity('configuration_versions')
export class ConfigurationVersion {
  @IdColumn()
  id!: string;

  /** Counts from 1. */
  @IntegerColumn()
  number!: number;

  @TextColumn(200)
  author!: string;

  @TextColumn(1000)
  reason!: string;

  /** YAML, with `${NAME}` not filled in. */
  @LongTextColumn()
  document!: string;

  @TimeColumn()
  createdAt!: Date;
}
