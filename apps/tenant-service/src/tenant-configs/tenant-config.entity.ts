import { Entity } from 'typeorm';

import { BooleanColumn, LongTextColumn, TenantRecord, TextColumn } from '@libs/persistence';

/** One setting of a tenant; its key is unique there. */
@Entity('tenant_configs')
export class TenantConfig extends TenantRecord {
  static readonly alsoFoundBy = {};

  @TextColumn(128)
  configKey!: string;

  /** Encrypted where it is secret. */
  @LongTextColumn()
  valueJson!: string;

  /** Null, as no, in rows that are older than secrets. */
  @BooleanColumn({ nullable: true })
  isSecret!: boolean | null;
}
