import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';

import { Database } from './database/database.js';
import { IdempotencyStore } from './idempotency/idempotency-store.js';
import { OutboxRelay } from './outbox/outbox-relay.js';

const forgetEveryMs = 10 * 60 * 1000;

/** Starts what works in the background, and closes the database when the last request is answered. */
@Injectable()
export class PersistenceLifecycle implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(PersistenceLifecycle.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly relay: OutboxRelay,
    private readonly idempotency: IdempotencyStore,
  ) {}

  onApplicationBootstrap(): void {
    this.relay.start();
    this.timer = setInterval(() => void this.forgetExpired(), forgetEveryMs).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    try {
      await this.relay.stop();
    } finally {
      await this.database.close();
    }
  }

  private async forgetExpired(): Promise<void> {
    try {
      await this.idempotency.forgetExpired();
    } catch (error) {
      this.logger.warn({ err: error }, 'old idempotency records cannot be deleted for now');
    }
  }
}
