import { Entity } from 'typeorm';

import { ReferenceColumn, TenantRecord, TextColumn } from '@libs/persistence';

/** One user in one tenant; the pair is unique. */
@Entity('memberships')
export class Membership extends TenantRecord {
  static readonly alsoFoundBy = {
    userId: 'the memberships of a user are in many tenants',
  };

  @ReferenceColumn()
  userId!: string;

  /** `owner`, `admin`, `member`, or one of the tenant's own. */
  @TextColumn(40)
  role!: string;
}
