import { Entity } from 'typeorm';

import { ReferenceColumn, TenantRecord, TextColumn } from '@libs/persistence';

import type { MemberRole } from './roles.js';

/** One user in one tenant; the pair is unique. */
@Entity('memberships')
export class Membership extends TenantRecord {
  @ReferenceColumn()
  userId!: string;

  @TextColumn(16)
  role!: MemberRole;
}
