import { Entity } from 'typeorm';

import {
  DeletedAtColumn,
  IntegerColumn,
  ReferenceColumn,
  TenantRecord,
  TextColumn,
  TimeColumn,
} from '@libs/persistence';

import type { InstanceStatus } from './instance-status.js';

@Entity('instances')
export class Instance extends TenantRecord {
  static readonly alsoFoundBy = {
    id: 'the driver goes on with the instance that it has begun',
    'driveAt <= ?': 'the driver works for all tenants on what is due',
    'driveAt IS NOT NULL': 'the driver looks when something is due next',
  };

  @ReferenceColumn()
  projectId!: string;

  @ReferenceColumn()
  creatorId!: string;

  @TextColumn(100)
  name!: string;

  @TextColumn(64)
  flavor!: string;

  @TextColumn(200)
  image!: string;

  @TextColumn(20)
  status!: InstanceStatus;

  /** Why it failed, for its owner to read; otherwise empty. */
  @TextColumn(200)
  statusReason!: string;

  @TimeColumn()
  statusSince!: Date;

  /** When the driver is to be asked next; null when nothing is under way. */
  @TimeColumn({ nullable: true })
  driveAt!: Date | null;

  /** How often in a row the driver failed on the present move. */
  @IntegerColumn()
  driveFailures!: number;

  @DeletedAtColumn()
  deletedAt!: Date | null;
}
