import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Global, Injectable, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Test } from '@nestjs/testing';

import { EventsModule } from '@libs/events';
import { GrpcClients } from '@libs/grpc';
import { openDatabase, persistenceEntities, PersistenceModule, persistenceMigrations } from '@libs/persistence';
import { RedisModule } from '@libs/redis';

import { AuditModule, auditTables } from './audit.module.js';
import { AuditOutboxRow } from './outbox/audit-outbox.entity.js';
import { Audit } from './outbox/audit.js';

/** Refuses to the very end, and does not wait until it is written down: the second one while the first is being written. */
@Injectable()
class LastWords implements OnApplicationShutdown {
  constructor(private readonly audit: Audit) {}

  async onApplicationShutdown(): Promise<void> {
    for (const target of ['first', 'second']) {
      void this.audit.refused({ action: 'thing.read', target, reason: 'ACCESS_DENIED' });
      await Promise.resolve();
    }
  }
}

/** Nobody is there. */
@Global()
@Module({
  providers: [
    {
      provide: GrpcClients,
      useValue: { to: () => ({ appendAuditEvents: () => Promise.reject(new Error('nobody is there')) }) },
    },
  ],
  exports: [GrpcClients],
})
class NoPeers {}

describe('AuditModule', () => {
  it('writes down what is refused while the process stops, before the database closes', async () => {
    Logger.overrideLogger(false);
    const dataDir = await mkdtemp(join(tmpdir(), 'audit-module-'));
    const options = { service: 'test', dataDir, encryptionKey: Buffer.alloc(32) };
    const tables = { entities: [...auditTables.entities], migrations: [...auditTables.migrations] };
    const testing = await Test.createTestingModule({
      imports: [
        NoPeers,
        RedisModule.forRoot({}),
        EventsModule,
        PersistenceModule.forRoot({ ...options, ...tables }),
        AuditModule,
      ],
      providers: [LastWords],
    }).compile();
    const app = await testing.init();
    await app.close();

    const database = await openDatabase({
      ...options,
      entities: [...persistenceEntities, ...tables.entities],
      migrations: [...persistenceMigrations, ...tables.migrations],
    });
    const rows = await database.manager.find(AuditOutboxRow);
    expect(rows.map(({ event }) => event.target).toSorted()).toEqual(['first', 'second']);
    await database.close();
    await rm(dataDir, { recursive: true });
  });
});
