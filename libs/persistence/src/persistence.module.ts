import { type DynamicModule, Module } from '@nestjs/common';

import { Database } from './database/database.js';
import { DatabaseHealth } from './health/database-health.js';
import { openDatabase } from './database/open-database.js';
import { openWhenThere } from './database/open-when-there.js';
import { IdempotencyInterceptor } from './idempotency/idempotency.interceptor.js';
import { IdempotencyRecord } from './idempotency/idempotency-record.entity.js';
import { IdempotencyStore } from './idempotency/idempotency-store.js';
import { IdempotentRun } from './idempotency/idempotent-run.js';
import { PersistenceTables1700000000000 } from './migrations/persistence-tables.js';
import { Outbox } from './outbox/outbox.js';
import { OutboxEvent } from './outbox/outbox-event.entity.js';
import { OutboxRelay } from './outbox/outbox-relay.js';
import type { PersistenceOptions } from './options/persistence.options.js';
import { PersistenceLifecycle } from './persistence-lifecycle.js';
import { persistenceOptions } from './options/persistence-options.token.js';

/** The entities of this library's own tables. `PersistenceModule` adds them, and their migration, by itself. */
export const persistenceEntities = [OutboxEvent, IdempotencyRecord] as const;

/** The migrations of this library's own tables. */
export const persistenceMigrations = [PersistenceTables1700000000000] as const;

@Module({})
export class PersistenceModule {
  /** Opens the database before anything that needs it is made. Needs an `EventBus`, as of `RedisModule`. */
  static forRoot(options: PersistenceOptions): DynamicModule {
    const complete: PersistenceOptions = {
      ...options,
      entities: [...new Set([...persistenceEntities, ...options.entities])],
      migrations: [...new Set([...persistenceMigrations, ...options.migrations])],
    };
    return {
      module: PersistenceModule,
      global: true,
      providers: [
        { provide: persistenceOptions, useValue: complete },
        { provide: Database, useFactory: () => openWhenThere(() => openDatabase(complete)) },
        DatabaseHealth,
        OutboxRelay,
        Outbox,
        IdempotencyStore,
        IdempotentRun,
        IdempotencyInterceptor,
        PersistenceLifecycle,
      ],
      exports: [
        persistenceOptions,
        Database,
        DatabaseHealth,
        Outbox,
        IdempotencyStore,
        IdempotentRun,
        IdempotencyInterceptor,
      ],
    };
  }
}
