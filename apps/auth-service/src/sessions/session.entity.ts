import { Entity } from 'typeorm';

import { IdColumn, JsonColumn, ReferenceColumn, TextColumn, TimeColumn } from '@libs/persistence';

/** From one login to its logout. Access tokens name it in `sid` and die with it. */
@Entity('sessions')
export class Session {
  static readonly alsoFoundBy = {
    id: 'an access token names its session',
    userId: 'a session belongs to a user, whatever tenant they work in',
    'expiresAt < ?': 'what has expired is forgotten for all',
  };

  @IdColumn()
  id!: string;

  @ReferenceColumn()
  userId!: string;

  /** The tenant of its tokens; absent for a user who is in none. */
  @ReferenceColumn({ nullable: true })
  tenantId!: string | null;

  /** How the user proved who they are, in the words of RFC 8176. */
  @JsonColumn()
  amr!: string[];

  @TextColumn(255)
  userAgent!: string;

  @TextColumn(45)
  clientAddress!: string;

  @TimeColumn()
  createdAt!: Date;

  /** When the user has last proved who they are, by logging in or by a step-up; absent in old rows. */
  @TimeColumn({ nullable: true })
  authenticatedAt!: Date | null;

  @TimeColumn()
  lastUsedAt!: Date;

  /** Moves on with every refresh, up to the longest life that a session may have. */
  @TimeColumn()
  expiresAt!: Date;

  @TimeColumn({ nullable: true })
  endedAt!: Date | null;

  @TextColumn(30, { nullable: true })
  endReason!: EndReason | null;
}

export type EndReason =
  | 'logout'
  | 'ended-by-user'
  | 'ended-by-service'
  | 'refresh-token-reused'
  | 'user-gone'
  | 'user-shut-out'
  | 'second-factors-removed'
  | 'email-proved'
  | 'password-set'
  | 'password-changed';

export const authenticatedAt = (session: Pick<Session, 'authenticatedAt' | 'createdAt'>): Date =>
  session.authenticatedAt ?? session.createdAt;

export const isLive = (session: Session, now: Date): boolean => session.endedAt === null && session.expiresAt > now;
