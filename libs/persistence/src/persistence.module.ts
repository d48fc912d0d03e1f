import { type DynamicModule, Module } from '@nestjs/common';

import { Audit } from './audit/audit.js';
import { AuditOutboxRow } from './audit/audit-outbox.entity.js';
import { Database } from './database/database.js';
import { DatabaseHealth } from './database-health.js';
import { openDatabase } from './database/open-database.js';
import { openWhenThere } from './database/open-when-there.js';
import { Ending, EndingsHead, EndingUnderWay, FollowedEndings } from './endings/ending.entity.js';
import { EndingsLog } from './endings/endings-log.js';
import { Hold } from './holds/hold.entity.js';
import { Holds } from './holds/holds.js';
import { IdempotencyInterceptor } from './idempotency/idempotency.interceptor.js';
import { IdempotencyRecord } from './idempotency/idempotency-record.entity.js';
import { IdempotencyStore } from './idempotency/idempotency-store.js';
import { IdempotentRun } from './idempotency/idempotent-run.js';
import { AuditOutbox1700000000010 } from './migrations/audit-outbox.js';
import { EndingsTables1700000000020 } from './migrations/endings-tables.js';
import { EndingsUnderWay1700000000030 } from './migrations/endings-under-way.js';
import { PersistenceTables1700000000000 } from './migrations/persistence-tables.js';
import { Outbox } from './outbox/outbox.js';
import { OutboxEvent } from './outbox/outbox-event.entity.js';
import { OutboxRelay } from './outbox/outbox-relay.js';
import type { PersistenceOptions } from './persistence.options.js';
import { PersistenceLifecycle } from './persistence-lifecycle.js';
import { persistenceOptions } from './persistence-options.token.js';

/** The entities of this library's own tables. `PersistenceModule` adds them, and their migration, by itself. */
export const persistenceEntities = [
  OutboxEvent,
  IdempotencyRecord,
  AuditOutboxRow,
  Ending,
  EndingsHead,
  FollowedEndings,
  EndingUnderWay,
  Hold,
] as const;

/** The migrations of this library's own tables. */
export const persistenceMigrations = [
  PersistenceTables1700000000000,
  AuditOutbox1700000000010,
  EndingsTables1700000000020,
  EndingsUnderWay1700000000030,
] as const;

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
        Audit,
        EndingsLog,
        Holds,
        IdempotencyStore,
        IdempotentRun,
        IdempotencyInterceptor,
        PersistenceLifecycle,
      ],
      exports: [
        Database,
        DatabaseHealth,
        Outbox,
        Audit,
        EndingsLog,
        Holds,
        IdempotencyStore,
        IdempotentRun,
        IdempotencyInterceptor,
      ],
    };
  }
}
