import { Entity } from 'typeorm';

import { LongTextColumn, TenantRecord, TextColumn } from '@libs/persistence';

/** One setting of a tenant; its key is unique there. */
@Entity('tenant_configs')
export class TenantConfig extends TenantRecord {
  @TextColumn(128)
  configKey!: string;

  @LongTextColumn()
  valueJson!: string;
}
