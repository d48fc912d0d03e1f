import { type Database, newId, TenantRepository } from '@libs/persistence';
import { aNote, Note, noteTables, onEachDatabase } from '@libs/testing';

import { deletionLogTables } from '../deletion-log.module.js';
import { Holds } from './holds.js';

const tables = {
  entities: [...deletionLogTables.entities, ...noteTables.entities],
  migrations: [...deletionLogTables.migrations, ...noteTables.migrations],
};

describe('Holds', () => {
  onEachDatabase(tables, (under) => {
    let database: Database;
    let holds: Holds;
    let notes: TenantRepository<Note>;

    beforeEach(() => {
      ({ database } = under());
      holds = new Holds(database);
      notes = new TenantRepository(database, Note);
    });

    const addUpTo = (most: number, tenantId: string) =>
      database.transaction(async () => {
        await holds.hold(tenantId);
        if ((await notes.count(tenantId)) >= most) return false;
        await notes.insert({ ...aNote(), id: newId(), tenantId });
        return true;
      });

    it('keeps a count true for fifty who add at once', async () => {
      const tenantId = newId();
      const added = await Promise.all(Array.from({ length: 50 }, () => addUpTo(7, tenantId)));
      expect(added.filter(Boolean)).toHaveLength(7);
      expect(await notes.count(tenantId)).toBe(7);
    });

    it('lets nothing be added to what has ended', async () => {
      const tenantId = newId();
      await addUpTo(7, tenantId);
      await database.transaction(() => holds.end(tenantId));
      await database.transaction(() => holds.end(tenantId));
      await expect(addUpTo(7, tenantId)).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
    });

    it('lets what ends and what is added at the same moment leave nothing behind', async () => {
      for (let round = 0; round < 5; round += 1) {
        const tenantId = newId();
        const ends = database.transaction(async (manager) => {
          await holds.end(tenantId);
          await manager.delete(Note, { tenantId });
        });
        await Promise.allSettled([addUpTo(9, tenantId), ends, addUpTo(9, tenantId)]);
        expect(await notes.count(tenantId)).toBe(0);
      }
    });
  });
});
