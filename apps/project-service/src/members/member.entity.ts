import { Entity } from 'typeorm';

import { ReferenceColumn, TenantRecord, TextColumn } from '@libs/persistence';

import type { MemberRole } from './member.schema.js';

/** The owner has a row too, so that "which projects may I see" is one look-up. */
@Entity('project_members')
export class ProjectMember extends TenantRecord {
  /** A user who is gone for good is a member nowhere. */
  static readonly alsoFoundBy = ['userId'];

  @ReferenceColumn()
  projectId!: string;

  @ReferenceColumn()
  userId!: string;

  @TextColumn(20)
  role!: MemberRole;
}
