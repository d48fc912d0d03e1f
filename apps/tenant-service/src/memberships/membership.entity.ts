import { Entity } from 'typeorm';

import { ReferenceColumn, TenantRecord, TextColumn } from '@libs/persistence';

/** One user in one tenant; the pair is unique. */
@Entity('memberships')
export class Membership extends TenantRecord {
  /** A user's own memberships cross tenants. */
  static readonly alsoFoundBy = ['userId'];

  @ReferenceColumn()
  userId!: string;

  /** `owner`, `admin`, `member`, or one of the tenant's own. */
  @TextColumn(40)
  role!: string;
}
