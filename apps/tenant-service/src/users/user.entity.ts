import { Entity } from 'typeorm';

import {
  DeletedAtColumn,
  JsonColumn,
  ReferenceColumn,
  TextColumn,
  TimeColumn,
  VersionedRecord,
} from '@libs/persistence';

import type { UserStatusName } from './user.schema.js';

export type UserOrigin = 'registration' | 'operator';

/**
 * A deleted user's row stays, and so do its two names: whoever got the name of somebody who is gone would be taken for
 * them in logs, in invitations and in people's memory.
 */
@Entity('sys_user')
export class User extends VersionedRecord {
  @TextColumn(64)
  username!: string;

  /** The user name in lower case; unique. */
  @TextColumn(64)
  usernameKey!: string;

  @TextColumn(254)
  email!: string;

  /** The e-mail address in lower case, or the id of a user who is not found by theirs: see `EmailClaims`. Unique. */
  @TextColumn(254)
  emailKey!: string;

  /** `emailKey` as it was when its owner confirmed it; null while they have confirmed none. */
  @TextColumn(254, { nullable: true })
  verifiedEmailKey!: string | null;

  /**
   * The key of the address that they have entered and somebody else has, as long as they are the latest who did. They log
   * in by it, with their own password; nothing else finds them by it.
   */
  @TextColumn(254, { nullable: true })
  claimedEmailKey!: string | null;

  /** Who has named the address that the account began with; null in rows from before this was written down. */
  @TextColumn(16, { nullable: true })
  origin!: UserOrigin | null;

  @TextColumn(120)
  displayName!: string;

  @TextColumn(16)
  status!: UserStatusName;

  @TextColumn(200, { nullable: true })
  statusReason!: string | null;

  @TimeColumn({ nullable: true })
  statusSince!: Date | null;

  @JsonColumn()
  platformRoles!: string[];

  /** The tenant of a call that names none; null while the user belongs to no tenant. */
  @ReferenceColumn({ nullable: true })
  defaultTenantId!: string | null;

  @DeletedAtColumn()
  deletedAt!: Date | null;
}
