import { AsyncLocalStorage } from 'node:async_hooks';

import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';

import { Database } from '../database/database.js';
import type { IdempotencyMode } from './idempotency.decorator.js';
import { IdempotencyStore, leaseMs } from './idempotency-store.js';
import type { CallDescription, IdempotentCall } from './idempotent-call.js';
import { type KeptAnswer, keptRefusal } from './kept-answer.js';

interface Run {
  readonly description: CallDescription;
  readonly mode: IdempotencyMode;
  /** What the handler results in. */
  readonly handle: () => Promise<unknown>;
  /** The answer that is made of it. */
  readonly toAnswer: (result: unknown) => KeptAnswer;
}

interface Saga extends Pick<Run, 'toAnswer'> {
  readonly call: IdempotentCall;
}

/** Runs a handler at most once for one idempotency key. */
@Injectable()
export class IdempotentRun {
  private readonly running = new Set<string>();
  private readonly sagas = new AsyncLocalStorage<Saga>();

  constructor(
    private readonly database: Database,
    private readonly store: IdempotencyStore,
  ) {}

  async once(run: Run): Promise<KeptAnswer> {
    const call = this.store.describe(run.description);
    if (this.running.has(call.scope)) {
      throw new Refusal('IDEMPOTENCY_KEY_IN_USE', { headers: { 'retry-after': '1' } });
    }
    this.running.add(call.scope);
    try {
      return await (run.mode === 'saga' ? this.asSaga(call, run) : this.inTransaction(call, run));
    } finally {
      this.running.delete(call.scope);
    }
  }

  /**
   * For the last transaction of a saga that could not be run again after it, because it uses up what the saga needs: a
   * token, a name, a code. What the handler will result in is committed with it, so that whoever asks again after a
   * crash is told so. Does nothing for a request without a key.
   */
  async concludeWith(result: unknown): Promise<void> {
    const saga = this.sagas.getStore();
    if (saga === undefined) return;
    if (!this.database.isInTransaction) throw new Error('A saga is concluded in its last transaction.');
    await this.store.keep(saga.call, saga.toAnswer(result));
  }

  private async inTransaction(call: IdempotentCall, { handle, toAnswer }: Run): Promise<KeptAnswer> {
    try {
      return await this.database.transaction(async () => {
        const former = await this.store.begin(call);
        if (former !== undefined) return former;
        const answer = toAnswer(await handle());
        await this.store.keep(call, answer);
        return answer;
      });
    } catch (error) {
      const refusal = keptRefusal(error);
      // The refused work was rolled back, and its record with it.
      if (refusal !== undefined) await this.keepRefusal(call, refusal);
      throw error;
    }
  }

  private async asSaga(call: IdempotentCall, { handle, toAnswer }: Run): Promise<KeptAnswer> {
    const former = await this.store.begin(call);
    if (former !== undefined) return former;
    const stopProlonging = this.prolong(call);
    try {
      const answer = toAnswer(await this.sagas.run({ call, toAnswer }, handle));
      await this.store.keep(call, answer);
      return answer;
    } catch (error) {
      const refusal = keptRefusal(error);
      if (refusal !== undefined) await this.store.keep(call, refusal);
      else if (error instanceof Refusal) await this.store.forget(call);
      // It may have come after the conclusion, which then holds.
      else await this.store.forgetUnanswered(call);
      throw error;
    } finally {
      stopProlonging();
    }
  }

  private async keepRefusal(call: IdempotentCall, refusal: KeptAnswer): Promise<void> {
    const kept = this.database.transaction(async () => {
      if ((await this.store.begin(call)) === undefined) await this.store.keep(call, refusal);
    });
    // If it cannot be kept, the same request is decided afresh; this one still has its own answer.
    await kept.catch(() => undefined);
  }

  /** A lease that cannot be prolonged runs out: at worst the work is run twice, which a saga withstands. */
  private prolong(call: IdempotentCall): () => void {
    const timer = setInterval(() => void this.store.prolong(call).catch(() => undefined), leaseMs / 3).unref();
    return () => clearInterval(timer);
  }
}
