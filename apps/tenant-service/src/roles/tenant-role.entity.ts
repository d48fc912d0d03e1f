import { Entity } from 'typeorm';

import { JsonColumn, TenantRecord, TextColumn } from '@libs/persistence';

/** A role of a tenant's own. Its name is unique there and stays: memberships and invitations name it. */
@Entity('tenant_roles')
export class TenantRole extends TenantRecord {
  static readonly alsoFoundBy = {};

  @TextColumn(40)
  name!: string;

  @TextColumn(200)
  description!: string;

  /** As `resource:action`. */
  @JsonColumn()
  permissions!: string[];
}
