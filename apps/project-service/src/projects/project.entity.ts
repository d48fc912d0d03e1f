import { Entity } from 'typeorm';

import { DeletedAtColumn, LongTextColumn, ReferenceColumn, TenantRecord, TextColumn } from '@libs/persistence';

import type { ProjectStatus } from './project.schema.js';

@Entity('projects')
export class Project extends TenantRecord {
  static readonly alsoFoundBy = {};

  @TextColumn(100)
  name!: string;

  /** The name's `nameKey` while the project lives, then null: so names are unique among the living, in any database. */
  @TextColumn(200, { nullable: true })
  livingNameKey!: string | null;

  @LongTextColumn()
  description!: string;

  @TextColumn(20)
  status!: ProjectStatus;

  /** Empty where the owner has left: then whoever governs the projects of the tenant hands it on. */
  @ReferenceColumn()
  ownerId!: string;

  @DeletedAtColumn()
  deletedAt!: Date | null;
}
