import { Entity } from 'typeorm';

import { JsonColumn, ReferenceColumn, TenantRecord, TextColumn, TimeColumn } from '@libs/persistence';

/** Lets programs act for a user in one tenant. The key itself is nowhere; its keyed hash is. */
@Entity('api_keys')
export class ApiKey extends TenantRecord {
  @ReferenceColumn()
  userId!: string;

  @TextColumn(100)
  name!: string;

  /** A route that needs a scope is closed to a key without it. */
  @JsonColumn()
  scopes!: string[];

  /** The beginning of the key, by which the owner knows it again. */
  @TextColumn(40)
  hint!: string;

  @TextColumn(43)
  keyHash!: string;

  @TimeColumn({ nullable: true })
  expiresAt!: Date | null;

  @TimeColumn({ nullable: true })
  revokedAt!: Date | null;
}
