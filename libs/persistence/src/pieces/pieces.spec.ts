import { aNote, Note, noteTables, onEachDatabase } from '@libs/testing';

import type { Database } from '../database/database.js';
import { newId } from '../ids/new-id.js';
import { deleteInPieces, deletePiece, inPieces, updatePiece } from './pieces.js';

describe('pieces', () => {
  onEachDatabase(noteTables, (under) => {
    let database: Database;
    let tenantId: string;
    let others: string;

    const add = (tenant: string, count: number, fields = {}): Promise<unknown> =>
      database.transaction((manager) =>
        manager.insert(
          Note,
          Array.from({ length: count }, () => {
            const { tags: _none, ...note } = aNote({ tenantId: tenant, ...fields });
            return { ...note, version: 1, createdAt: new Date(), updatedAt: new Date(), deletedAt: null };
          }),
        ),
      );
    const left = (tenant: string, more = {}): Promise<number> =>
      database.manager.countBy(Note, { tenantId: tenant, ...more });

    beforeEach(() => {
      ({ database } = under());
      [tenantId, others] = [newId(), newId()];
    });

    it('take no more rows than they are told to, and none of others', async () => {
      await Promise.all([add(tenantId, 25), add(others, 5)]);
      const taken = await database.transaction((manager) => deletePiece(manager, Note, { tenantId }, 10));
      expect([taken, await left(tenantId), await left(others)]).toEqual([10, 15, 5]);
    });

    it('delete all rows in transactions of their own', async () => {
      await Promise.all([add(tenantId, 30), add(others, 5)]);
      const seen: number[] = [];
      await inPieces(database, async (manager) => {
        seen.push(await database.apart(() => left(tenantId)));
        return (await deletePiece(manager, Note, { tenantId }, 10)) === 10 ? 'more' : 'done';
      });
      // What one has done is committed before the next begins.
      expect(seen).toEqual([30, 20, 10, 0]);
      expect([await left(tenantId), await left(others)]).toEqual([0, 5]);
    });

    it('go on after a crash with what is left', async () => {
      await add(tenantId, 25);
      let pieces = 0;
      const killed = inPieces(database, async (manager) => {
        const taken = await deletePiece(manager, Note, { tenantId }, 10);
        pieces += 1;
        if (pieces === 2) throw new Error('killed');
        return taken === 10 ? 'more' : 'done';
      });
      await expect(killed).rejects.toThrow('killed');
      expect(await left(tenantId)).toBe(15);
      await deleteInPieces(database, Note, { tenantId }, 10);
      expect(await left(tenantId)).toBe(0);
    });

    it('delete those that are deleted softly as well', async () => {
      await add(tenantId, 3);
      await database.transaction((manager) => manager.update(Note, { tenantId }, { deletedAt: new Date() }));
      await deleteInPieces(database, Note, { tenantId });
      expect(await database.manager.count(Note, { where: { tenantId }, withDeleted: true })).toBe(0);
    });

    it('change rows so that they are no longer among them, and count what they changed', async () => {
      await Promise.all([add(tenantId, 12), add(others, 2)]);
      const counts: unknown[] = [];
      await inPieces(database, async (manager) => {
        const piece = await updatePiece(manager, Note, { tenantId, status: 'open' }, { status: 'done' }, 5);
        counts.push(piece);
        return piece.found === 5 ? 'more' : 'done';
      });
      expect(counts).toEqual([5, 5, 2].map((found) => ({ found, changed: found })));
      expect([await left(tenantId, { status: 'done' }), await left(others, { status: 'done' })]).toEqual([12, 0]);
    });

    it('name the tenant, as every statement does', async () => {
      const unnamed = database.transaction((manager) => deletePiece(manager, Note, { status: 'open' }));
      await expect(unnamed).rejects.toThrow('does not name the tenant');
    });
  });
});
