import { Inject, Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';

import { Refusal } from '@libs/errors';
import { Database, newId } from '@libs/persistence';

import { Clock } from '../time/clock.js';
import { AUTH_SETTINGS, type AuthSettings } from '../settings/settings.js';
import { hashRefreshToken, readRefreshToken } from './refresh-token.js';
import { RefreshToken } from './refresh-token.entity.js';
import { RefreshTokenMaker } from './refresh-token-maker.js';
import { expiryOf, type SessionLifetimes } from './session-lifetime.js';
import { Session } from './session.entity.js';

/** The chain of refresh tokens of each session, of which only the last link is good. */
@Injectable()
export class RefreshTokenStore {
  constructor(
    private readonly database: Database,
    private readonly maker: RefreshTokenMaker,
    private readonly clock: Clock,
    @Inject(AUTH_SETTINGS) private readonly settings: SessionLifetimes & Pick<AuthSettings, 'refreshGraceMs'>,
  ) {}

  async find(token: string): Promise<RefreshToken | null> {
    if (readRefreshToken(token) === undefined) return null;
    return this.database.manager.findOneBy(RefreshToken, { tokenHash: hashRefreshToken(token) });
  }

  /** The first link, in the transaction that opened the session. */
  addFirst(sessionId: string): Promise<string> {
    return this.add(sessionId, this.maker.first());
  }

  /**
   * Exchanges a token for its successor; undefined when it was used before. One conditional update decides which one of
   * many parallel calls was first. In a session that has ended meanwhile there is no successor.
   */
  rotate(token: string, { id }: RefreshToken, session: Session, tenantId: string | null): Promise<string | undefined> {
    const now = this.clock.now();
    const expiresAt = expiryOf(session.createdAt, now, this.settings);
    const successorSeed = this.maker.newSeed();
    return this.database.transaction(async (manager) => {
      const taken = await manager.update(RefreshToken, { id, usedAt: IsNull() }, { usedAt: now, successorSeed });
      if (taken.affected !== 1) return undefined;
      const live = { id: session.id, endedAt: IsNull() };
      const kept = await manager.update(Session, live, { lastUsedAt: now, expiresAt, tenantId });
      if (kept.affected !== 1) throw new Refusal('AUTH_REFRESH_REJECTED', { internal: 'the session has just ended' });
      return this.add(session.id, this.maker.successorOf(token, successorSeed));
    });
  }

  /**
   * The successor that was given for this token before. Two tabs, or a client that has lost the answer, are told it
   * again for a moment, as long as it is unused itself: after that, this token is two steps old.
   */
  async successorAgain(token: string): Promise<string | undefined> {
    const { usedAt = null, successorSeed = null } = (await this.find(token)) ?? {};
    if (usedAt === null || successorSeed === null) return undefined;
    if (this.clock.now().getTime() - usedAt.getTime() >= this.settings.refreshGraceMs) return undefined;
    const successor = this.maker.successorOf(token, successorSeed);
    return (await this.find(successor))?.usedAt === null ? successor : undefined;
  }

  private async add(sessionId: string, token: string): Promise<string> {
    await this.database.manager.insert(RefreshToken, {
      id: newId(),
      sessionId,
      tokenHash: hashRefreshToken(token),
      createdAt: this.clock.now(),
      usedAt: null,
      successorSeed: null,
    });
    return token;
  }
}
