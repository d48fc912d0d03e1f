import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';

import { Database } from '../database/database.js';
import type { IdempotencyMode } from './idempotency.decorator.js';
import { IdempotencyStore, leaseMs } from './idempotency-store.js';
import type { CallDescription, IdempotentCall } from './idempotent-call.js';
import { type KeptAnswer, keptRefusal } from './kept-answer.js';

type Handler = () => Promise<KeptAnswer>;

/** Runs a handler at most once for one idempotency key. */
@Injectable()
export class IdempotentRun {
  private readonly running = new Set<string>();

  constructor(
    private readonly database: Database,
    private readonly store: IdempotencyStore,
  ) {}

  async once(description: CallDescription, mode: IdempotencyMode, handler: Handler): Promise<KeptAnswer> {
    const call = this.store.describe(description);
    if (this.running.has(call.scope)) {
      throw new Refusal('IDEMPOTENCY_KEY_IN_USE', { headers: { 'retry-after': '1' } });
    }
    this.running.add(call.scope);
    try {
      return await (mode === 'saga' ? this.asSaga(call, handler) : this.inTransaction(call, handler));
    } finally {
      this.running.delete(call.scope);
    }
  }

  private async inTransaction(call: IdempotentCall, handler: Handler): Promise<KeptAnswer> {
    try {
      return await this.database.transaction(async () => {
        const former = await this.store.begin(call);
        if (former !== undefined) return former;
        const answer = await handler();
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

  private async asSaga(call: IdempotentCall, handler: Handler): Promise<KeptAnswer> {
    const former = await this.store.begin(call);
    if (former !== undefined) return former;
    const stopProlonging = this.prolong(call);
    try {
      const answer = await handler();
      await this.store.keep(call, answer);
      return answer;
    } catch (error) {
      const refusal = keptRefusal(error);
      await (refusal === undefined ? this.store.forget(call) : this.store.keep(call, refusal));
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
