import { Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';

import { EventBus, EventsModule, type GatehouseEvent } from '@libs/events';
import { RedisModule } from '@libs/redis';
import { aNote, Note, noteTables, onEachDatabase } from '@libs/testing';

import { Database } from './database/database.js';
import { newId } from './ids/new-id.js';
import { Outbox } from './outbox/outbox.js';
import { PersistenceModule } from './persistence.module.js';

/** Any module of a service: what it needs of persistence it finds without importing it. */
@Module({})
class NotesModule {
  constructor(
    readonly database: Database,
    readonly outbox: Outbox,
  ) {}
}

describe('PersistenceModule', () => {
  onEachDatabase({ entities: [], migrations: [] }, (under) => {
    const start = async () => {
      const { options } = under();
      const testing = await Test.createTestingModule({
        imports: [
          RedisModule.forRoot({}),
          EventsModule,
          PersistenceModule.forRoot({ ...options, ...noteTables, service: 'module', encryptionKey: Buffer.alloc(32) }),
          NotesModule,
        ],
      }).compile();
      return testing.enableShutdownHooks([]).init();
    };

    it('brings up the tables of the service and its own, and keeps the rows over a restart', async () => {
      const userId = newId();
      const app = await start();
      const { database, outbox } = app.get(NotesModule);
      const heard = Promise.withResolvers<GatehouseEvent>();
      const bus = app.get(EventBus);
      bus.subscribe(['user.changed'], heard.resolve);

      const note = await database.transaction(async (manager) => {
        const note = manager.create(Note, {
          ...aNote(),
          version: 1,
          createdAt: new Date(),
          updatedAt: new Date(),
        } as object);
        await manager.insert(Note, note as object);
        await outbox.add('user.changed', userId, { userId });
        return note;
      });
      expect((await heard.promise).payload).toEqual({ userId });
      await app.close();

      const next = await start();
      expect(await next.get(Database).manager.countBy(Note, { id: note.id })).toBe(1);
      await next.close();
    });

    it('closes the database with the application', async () => {
      const app = await start();
      const database = app.get(Database);
      await database.ping();
      await app.close();
      await expect(database.ping()).rejects.toThrow(/./);
    });
  });
});
