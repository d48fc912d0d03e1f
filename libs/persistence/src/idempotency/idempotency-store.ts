import { Inject, Injectable } from '@nestjs/common';
import { IsNull, LessThan } from 'typeorm';

import { Refusal } from '@libs/errors';

import { Database } from '../database/database.js';
import { isCollision, isUniqueViolation } from '../database/database-errors.js';
import type { PersistenceOptions } from '../options/persistence.options.js';
import { deleteInPieces } from '../pieces/pieces.js';
import { persistenceOptions } from '../options/persistence-options.token.js';
import { IdempotencyRecord } from './idempotency-record.entity.js';
import { type CallDescription, IdempotentCall } from './idempotent-call.js';
import type { KeptAnswer } from './kept-answer.js';

const keptForMs = 24 * 60 * 60 * 1000;
/** How long after a crash the request may be tried again. */
export const leaseMs = 5000;

/** Remembers for 24 hours what became of each request with an idempotency key. */
@Injectable()
export class IdempotencyStore {
  constructor(
    private readonly database: Database,
    @Inject(persistenceOptions) private readonly options: Pick<PersistenceOptions, 'encryptionKey'>,
  ) {}

  describe(call: CallDescription): IdempotentCall {
    return new IdempotentCall(this.options.encryptionKey, call);
  }

  /**
   * Writes down, in the surrounding transaction, that the request is running, and returns undefined; or returns the
   * answer that it had before. Refuses a request that is still running, and a key that stands for another request.
   */
  async begin(call: IdempotentCall, now = Date.now()): Promise<KeptAnswer | undefined> {
    return this.database.transaction(async (manager) => {
      const record = {
        scope: call.scope,
        fingerprint: call.fingerprint,
        answer: null,
        leaseUntil: new Date(now + leaseMs),
        expiresAt: new Date(now + keptForMs),
      };
      try {
        await manager.insert(IdempotencyRecord, record);
        return undefined;
      } catch (error) {
        // Another process has written the same key and not committed yet.
        if (isCollision(error)) throw inUse(leaseMs);
        if (!isUniqueViolation(error)) throw error;
      }

      const former = await manager.findOneByOrFail(IdempotencyRecord, { scope: call.scope });
      if (former.expiresAt.getTime() > now) {
        if (former.fingerprint !== call.fingerprint) throw new Refusal('IDEMPOTENCY_KEY_REUSED');
        if (former.answer !== null) return call.open(former.answer) as KeptAnswer;
        if (former.leaseUntil.getTime() > now) throw inUse(former.leaseUntil.getTime() - now);
      }
      const { scope, leaseUntil, expiresAt } = former;
      const { affected } = await manager.update(IdempotencyRecord, { scope, leaseUntil, expiresAt }, record);
      if (affected !== 1) throw inUse(leaseMs);
      return undefined;
    });
  }

  async keep(call: IdempotentCall, answer: KeptAnswer): Promise<void> {
    await this.database.transaction((manager) =>
      manager.update(IdempotencyRecord, { scope: call.scope }, { answer: call.seal(answer) }),
    );
  }

  async prolong(call: IdempotentCall, now = Date.now()): Promise<void> {
    await this.database.transaction((manager) =>
      manager.update(IdempotencyRecord, { scope: call.scope }, { leaseUntil: new Date(now + leaseMs) }),
    );
  }

  async forget(call: IdempotentCall): Promise<void> {
    await this.database.transaction((manager) => manager.delete(IdempotencyRecord, { scope: call.scope }));
  }

  /** Leaves an answer that was committed. */
  async forgetUnanswered({ scope }: IdempotentCall): Promise<void> {
    await this.database.transaction((manager) => manager.delete(IdempotencyRecord, { scope, answer: IsNull() }));
  }

  async forgetExpired(now = Date.now()): Promise<void> {
    await deleteInPieces(this.database, IdempotencyRecord, { expiresAt: LessThan(new Date(now)) });
  }
}

const inUse = (forMs: number): Refusal =>
  new Refusal('IDEMPOTENCY_KEY_IN_USE', { headers: { 'retry-after': String(Math.ceil(forMs / 1000)) } });
