import { Entity } from 'typeorm';

import { JsonColumn, ReferenceColumn, TenantRecord, TextColumn, TimeColumn } from '@libs/persistence';

export interface ApiKeyLimit {
  readonly requests: number;
  readonly windowSeconds: number;
}

/** Lets programs act for a user in one tenant. The key itself is nowhere; its keyed hash is. */
@Entity('api_keys')
export class ApiKey extends TenantRecord {
  static readonly alsoFoundBy = {
    id: 'the gateway asks whose key this is',
    userId: 'with its owner a key goes from all tenants',
  };

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

  /** Of the key before the last rotation: good until `previousKeyUntil`. */
  @TextColumn(43, { nullable: true })
  previousKeyHash!: string | null;

  @TimeColumn({ nullable: true })
  previousKeyUntil!: Date | null;

  /** Addresses and networks from which it may be used; absent for everywhere. */
  @JsonColumn({ nullable: true })
  allowedAddresses!: string[] | null;

  /** How often it may be used; absent for what its owner may. */
  @JsonColumn({ nullable: true })
  limits!: ApiKeyLimit[] | null;

  /** Told by the gateways, a little late. */
  @TimeColumn({ nullable: true })
  lastUsedAt!: Date | null;

  @TextColumn(45, { nullable: true })
  lastUsedAddress!: string | null;

  @TimeColumn({ nullable: true })
  expiresAt!: Date | null;

  @TimeColumn({ nullable: true })
  revokedAt!: Date | null;
}
