import { Inject, Injectable } from '@nestjs/common';
import { type FindOptionsWhere, In, IsNull, LessThan, type SelectQueryBuilder } from 'typeorm';

import { Database, deletePiece, newId, Outbox, type Piece, rowsOfPiece } from '@libs/persistence';

import { Clock } from '../time/clock.js';
import { networkOf } from '../guessing/network-of.js';
import { SecurityLog } from '../security-events/security-log.js';
import { AUTH_SETTINGS } from '../settings/settings.js';
import { RefreshToken } from './refresh-token.entity.js';
import { RefreshTokenStore } from './refresh-token.store.js';
import { expiryOf, type SessionLifetimes } from './session-lifetime.js';
import { type EndReason, Session } from './session.entity.js';

type NewSession = Pick<Session, 'userId' | 'tenantId' | 'amr' | 'userAgent' | 'clientAddress'>;

/** A login from none of as many latest sessions' places counts as one from a new place. */
const placesRemembered = 20;
/** Each that ends is told of by an event and a note. */
const sessionsOfPiece = 100;

/** Sessions and their end. Whoever ends one tells everybody in the same transaction, so that no gateway misses it. */
@Injectable()
export class SessionStore {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly refreshTokens: RefreshTokenStore,
    private readonly log: SecurityLog,
    private readonly clock: Clock,
    @Inject(AUTH_SETTINGS) private readonly lifetimes: SessionLifetimes,
  ) {}

  open(opened: NewSession): Promise<{ session: Session; refreshToken: string }> {
    const now = this.clock.now();
    const session: Session = {
      ...opened,
      id: newId(),
      createdAt: now,
      authenticatedAt: now,
      lastUsedAt: now,
      expiresAt: expiryOf(now, now, this.lifetimes),
      endedAt: null,
      endReason: null,
    };
    return this.database.transaction(async () => {
      await this.database.manager.insert(Session, session);
      const { id, userId, tenantId, clientAddress, amr } = session;
      const facts = { user_id: userId, session_id: id, client_address: clientAddress, reason: amr.join(' ') };
      await this.log.note('login.succeeded', facts, tenantId ?? '');
      return { session, refreshToken: await this.refreshTokens.addFirst(session.id) };
    });
  }

  find(id: string): Promise<Session | null> {
    return this.database.manager.findOneBy(Session, { id });
  }

  /** The latest session that the user opened from the network of this address: who comes from there is no stranger. */
  async lastFrom(address: string, userId: string): Promise<string | undefined> {
    const latest = await this.database.manager.find(Session, {
      where: { userId },
      select: { id: true, clientAddress: true },
      order: { createdAt: 'DESC' },
      take: placesRemembered,
    });
    const network = networkOf(address);
    return latest.find(({ clientAddress }) => networkOf(clientAddress) === network)?.id;
  }

  liveOnesOf(userId: string): SelectQueryBuilder<Session> {
    return this.database.manager
      .createQueryBuilder(Session, 'session')
      .where('session.userId = :userId', { userId })
      .andWhere('session.endedAt IS NULL')
      .andWhere('session.expiresAt > :now', { now: this.clock.now() });
  }

  /** Notes that the user has proved once more who they are, and how. Null when the session has ended. */
  strengthen({ id, userId }: Pick<Session, 'id' | 'userId'>, amr: readonly string[]): Promise<Session | null> {
    return this.database.transaction(async (manager) => {
      const live = { id, userId, endedAt: IsNull() };
      const session = await manager.findOneBy(Session, live);
      if (session === null) return null;
      const stronger = { amr: [...new Set([...session.amr, ...amr])], authenticatedAt: this.clock.now() };
      const { affected } = await manager.update(Session, live, stronger);
      return affected === 1 ? { ...session, ...stronger } : null;
    });
  }

  /** False when that user has no such session, or when it had ended before. */
  end({ id, userId }: Pick<Session, 'id' | 'userId'>, endReason: EndReason): Promise<boolean> {
    return this.database.transaction(async () => {
      const live = { id, userId, endedAt: IsNull() };
      const { affected } = await this.database.manager.update(Session, live, { endedAt: this.clock.now(), endReason });
      if (affected !== 1) return false;
      await this.outbox.add('session.ended', id, { sessionId: id, userId });
      const facts = { user_id: userId, session_id: id, reason: endReason };
      await this.log.note('session.ended', facts, (await this.find(id))?.tenantId ?? '');
      return true;
    });
  }

  /** Answers how many were ended. `keptId` names one that goes on. */
  endAllOf(userId: string, reason: EndReason, keptId = ''): Promise<number> {
    return this.database.transaction(async () => {
      let ended = 0;
      for (const session of await this.liveOnesOf(userId).getMany()) {
        if (session.id !== keptId && (await this.end(session, reason))) ended += 1;
      }
      return ended;
    });
  }

  /** A piece of those that were opened until a time: later ones are no part of what ended then. */
  endSomeOpenedUntil(userId: string, time: Date, reason: EndReason): Promise<Piece> {
    return this.endSome(this.liveOnesOf(userId).andWhere('session.createdAt <= :time', { time }), reason);
  }

  /** A piece of all that are live. */
  endSomeOf(userId: string, reason: EndReason): Promise<Piece> {
    return this.endSome(this.liveOnesOf(userId), reason);
  }

  private endSome(live: SelectQueryBuilder<Session>, reason: EndReason): Promise<Piece> {
    return this.database.transaction(async () => {
      const found = await live.take(sessionsOfPiece).getMany();
      for (const session of found) await this.end(session, reason);
      return found.length === sessionsOfPiece ? 'more' : 'done';
    });
  }

  /** Forgets a piece of the sessions that expired before `time`, with their tokens. */
  forgetSomeExpired(time: Date): Promise<Piece> {
    return this.forgetSome({ expiresAt: LessThan(time) });
  }

  /** Forgets a piece of all that the user ever opened. */
  forgetSomeOf(userId: string): Promise<Piece> {
    return this.forgetSome({ userId });
  }

  /** A session that was renewed for a month has thousands of tokens: they go first. */
  private forgetSome(where: FindOptionsWhere<Session>): Promise<Piece> {
    return this.database.transaction(async (manager) => {
      const found = await manager.find(Session, { where, select: { id: true }, take: sessionsOfPiece });
      const ids = In(found.map(({ id }) => id));
      if (found.length === 0) return 'done';
      if ((await deletePiece(manager, RefreshToken, { sessionId: ids })) === rowsOfPiece) return 'more';
      await manager.delete(Session, { id: ids });
      return found.length === sessionsOfPiece ? 'more' : 'done';
    });
  }
}
