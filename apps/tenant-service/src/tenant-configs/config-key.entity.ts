import { Entity } from 'typeorm';

import { BooleanColumn, JsonColumn, TextColumn, VersionedRecord } from '@libs/persistence';

/** What a setting of tenants may hold, for every tenant. A key without one takes any JSON. */
@Entity('config_keys')
export class ConfigKeyDefinition extends VersionedRecord {
  /** Unique. */
  @TextColumn(128)
  configKey!: string;

  @TextColumn(200)
  description!: string;

  /** A JSON Schema; null takes any value. */
  @JsonColumn({ nullable: true })
  valueSchema!: Record<string, unknown> | null;

  /** The values are encrypted in the table, and no list shows them. */
  @BooleanColumn()
  isSecret!: boolean;
}
