import { Entity } from 'typeorm';

import { ReferenceColumn, TenantRecord, TextColumn } from '@libs/persistence';

import type { MemberRole } from './member-role.js';

/** The owner has a row too, so that "which projects may I see" is one look-up. */
@Entity('project_members')
export class ProjectMember extends TenantRecord {
  static readonly alsoFoundBy = {
    userId: 'a user who is gone for good is a member nowhere',
  };

  @ReferenceColumn()
  projectId!: string;

  @ReferenceColumn()
  userId!: string;

  @TextColumn(20)
  role!: MemberRole;
}
