import { Inject, Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';

import { Database, newId } from '@libs/persistence';

import { Clock } from '../clock.js';
import { AUTH_SETTINGS } from '../settings.js';
import { hashRefreshToken, newRefreshToken } from './refresh-token.js';
import { RefreshToken } from './refresh-token.entity.js';
import { expiryOf, type SessionLifetimes } from './session-lifetime.js';
import { Session } from './session.entity.js';

/** The chain of refresh tokens of each session, of which only the last link is good. */
@Injectable()
export class RefreshTokenStore {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    @Inject(AUTH_SETTINGS) private readonly lifetimes: SessionLifetimes,
  ) {}

  find(token: string): Promise<RefreshToken | null> {
    return this.database.manager.findOneBy(RefreshToken, { tokenHash: hashRefreshToken(token) });
  }

  /** Adds a link, in the transaction that opened the session or used the link before. */
  async add(sessionId: string): Promise<string> {
    const token = newRefreshToken();
    await this.database.manager.insert(RefreshToken, {
      id: newId(),
      sessionId,
      tokenHash: hashRefreshToken(token),
      createdAt: this.clock.now(),
      usedAt: null,
    });
    return token;
  }

  /**
   * Exchanges a token for its successor. Undefined when it was used before, or when the session ended meanwhile:
   * the conditional updates decide which one of many parallel calls was first.
   */
  rotate(token: RefreshToken, session: Session, tenantId: string | null): Promise<string | undefined> {
    const now = this.clock.now();
    const expiresAt = expiryOf(session.createdAt, now, this.lifetimes);
    return this.database.transaction(async () => {
      const { manager } = this.database;
      const taken = await manager.update(RefreshToken, { id: token.id, usedAt: IsNull() }, { usedAt: now });
      if (taken.affected !== 1) return undefined;
      const live = { id: session.id, endedAt: IsNull() };
      const kept = await manager.update(Session, live, { lastUsedAt: now, expiresAt, tenantId });
      return kept.affected === 1 ? this.add(session.id) : undefined;
    });
  }
}
