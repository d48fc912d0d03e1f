import { Entity } from 'typeorm';

import { BooleanColumn, DeletedAtColumn, IntegerColumn, TextColumn, VersionedRecord } from '@libs/persistence';

import type { TenantStatusName } from './tenant.schema.js';

@Entity('tenants')
export class Tenant extends VersionedRecord {
  @TextColumn(120)
  name!: string;

  @TextColumn(16)
  status!: TenantStatusName;

  /** The plan that it was given; null: none. */
  @TextColumn(40, { nullable: true })
  planKey!: string | null;

  /** Whether its members must have shown a second factor; null in old rows: no. */
  @BooleanColumn({ nullable: true })
  requireSecondFactor!: boolean | null;

  /** Counts the changes of its memberships. Whoever raises it first makes the other changes of the tenant wait. */
  @IntegerColumn()
  membersRevision!: number;

  /** Its members, projects, instances and keys went with it. */
  @DeletedAtColumn()
  deletedAt!: Date | null;
}
