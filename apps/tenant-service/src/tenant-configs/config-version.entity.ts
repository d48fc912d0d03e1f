import { Entity } from 'typeorm';

import { BooleanColumn, IntegerColumn, LongTextColumn, TenantRecord, TextColumn } from '@libs/persistence';

/** One state that a setting was in, and who brought it there. These rows are only ever added, and encrypted. */
@Entity('tenant_config_versions')
export class TenantConfigVersion extends TenantRecord {
  static readonly alsoFoundBy = {};

  @TextColumn(128)
  configKey!: string;

  /** The version of the setting; unique with tenant and key. */
  @IntegerColumn()
  number!: number;

  /** As the setting had it; empty where it was deleted. */
  @LongTextColumn()
  valueJson!: string;

  @BooleanColumn()
  isSecret!: boolean;

  @BooleanColumn()
  isDeleted!: boolean;

  /** A user's id or a service's name; empty where it was written before there was a history. */
  @TextColumn(64)
  actor!: string;
}
