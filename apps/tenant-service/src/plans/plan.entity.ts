import { Entity } from 'typeorm';

import { IntegerColumn, TextColumn, VersionedRecord } from '@libs/persistence';

/** What the tenants of a plan may have. Null is no limit. */
@Entity('plans')
export class Plan extends VersionedRecord {
  /** How tenants and operators name it; unique. */
  @TextColumn(40)
  planKey!: string;

  @TextColumn(120)
  name!: string;

  /** How many requests the tenant may make in each window; the gateways count them. */
  @IntegerColumn({ nullable: true })
  requestQuota!: number | null;

  @IntegerColumn()
  requestWindowSeconds!: number;

  @IntegerColumn({ nullable: true })
  maxProjects!: number | null;

  @IntegerColumn({ nullable: true })
  maxMembers!: number | null;

  @IntegerColumn({ nullable: true })
  maxInstances!: number | null;
}
