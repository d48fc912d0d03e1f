import { aNote, Note, noteTables, onEachDatabase } from '@libs/testing';

import { isUniqueViolation } from '../database/database-errors.js';
import { newId } from '../ids/new-id.js';
import { TenantRepository } from './tenant-repository.js';

describe('TenantRepository', () => {
  onEachDatabase(noteTables, (under) => {
    let notes: TenantRepository<Note>;
    const insert = (fields = {}): Promise<Note> =>
      under().database.transaction(() => notes.insert(aNote({ tenantId: newId(), ...fields })));

    beforeAll(() => {
      notes = new TenantRepository(under().database, Note);
    });

    it('reads back every kind of column as it was written', async () => {
      const written = await insert({
        name: 'Ünï "quoted" \\ 🗝 ',
        stars: -2_147_483_648,
        pinned: true,
        text: 'x'.repeat(100_000),
        tags: { b: [1, null, 'two'], a: { deep: true } },
        readAt: new Date('2031-12-31T23:59:59.987Z'),
      });

      const read = await notes.get(written.tenantId, written.id);
      expect({ ...read }).toEqual({ ...written, deletedAt: null });
      expect(JSON.stringify(read.tags)).toBe('{"b":[1,null,"two"],"a":{"deep":true}}');
      expect(read.version).toBe(1);
      expect(read.createdAt).toEqual(read.updatedAt);
    });

    it('reads back nothing where nothing was written', async () => {
      const { tenantId, id } = await insert();
      expect(await notes.get(tenantId, id)).toMatchObject({ text: null, tags: null, readAt: null, pinned: false });
    });

    it('shows a tenant only its own rows', async () => {
      const mine = await insert();
      const theirs = await insert();

      await expect(notes.get(mine.tenantId, theirs.id)).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
      expect((await notes.find(mine.tenantId)).map((note) => note.id)).toEqual([mine.id]);
      expect(await notes.count(mine.tenantId)).toBe(1);
      expect((await notes.query(mine.tenantId, 'note').getMany()).map((note) => note.id)).toEqual([mine.id]);
      const steal = under().database.transaction(() =>
        notes.update(mine.tenantId, theirs.id, undefined, { name: 'stolen' }),
      );
      await expect(steal).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
      expect((await notes.get(theirs.tenantId, theirs.id)).name).toBe(theirs.name);
    });

    it('deletes what is still as it was seen, of that tenant alone', async () => {
      const mine = await insert();
      const theirs = await insert();
      const remove = (where: object) => under().database.transaction(() => notes.delete(mine.tenantId, where));

      expect(await remove({ id: theirs.id })).toBe(0);
      expect(await remove({ tenantId: theirs.tenantId })).toBe(1);
      expect(await notes.find(mine.tenantId)).toEqual([]);
      expect((await notes.get(theirs.tenantId, theirs.id)).id).toBe(theirs.id);
      const { id, version } = await insert({ tenantId: mine.tenantId });
      expect(await remove({ id, version: version + 1 })).toBe(0);
      expect(await remove({ id, version })).toBe(1);
      expect(await remove({ id, version })).toBe(0);
    });

    it('does not let a condition lift the limit to the tenant', async () => {
      const mine = await insert();
      const theirs = await insert();
      expect(await notes.find(mine.tenantId, { tenantId: theirs.tenantId })).toEqual([
        await notes.get(mine.tenantId, mine.id),
      ]);
    });

    const words = Object.getOwnPropertyNames(TenantRepository.prototype).filter((name) => name !== 'constructor');

    it('fails without a tenant', async () => {
      expect(words).toContain('delete');
      const all = notes as unknown as Record<string, (...parameters: unknown[]) => unknown>;
      for (const word of words) {
        const nobody = word === 'insert' ? aNote({ tenantId: '' }) : '';
        const ask = async (): Promise<unknown> => all[word]?.(nobody, newId(), 1, {});
        await expect(under().database.transaction(ask)).rejects.toThrow('without naming the tenant');
      }
    });

    it('changes what the patch names and counts the version', async () => {
      const { tenantId, id, name } = await insert({ stars: 3, tags: ['a'] });
      const changed = await under().database.transaction(() =>
        notes.update(tenantId, id, 1, { stars: 4, tags: ['b'], name: undefined }),
      );
      expect(changed).toMatchObject({ stars: 4, tags: ['b'], name, version: 2 });
      expect(await notes.get(tenantId, id)).toEqual(changed);
    });

    it('refuses an edit that saw an older version, and changes nothing', async () => {
      const { tenantId, id } = await insert({ stars: 3 });
      const edit = (version: number, stars: number) =>
        under().database.transaction(() => notes.update(tenantId, id, version, { stars }));
      await edit(1, 4);
      await expect(edit(1, 5)).rejects.toMatchObject({ code: 'RESOURCE_CHANGED' });
      expect(await notes.get(tenantId, id)).toMatchObject({ stars: 4, version: 2 });
    });

    it('lets one of two simultaneous edits of a version win', async () => {
      const { tenantId, id } = await insert();
      const edits = [1, 2, 3, 4].map((stars) =>
        under().database.transaction(() => notes.update(tenantId, id, 1, { stars })),
      );
      const results = await Promise.allSettled(edits);
      expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
      expect((await notes.get(tenantId, id)).version).toBe(2);
    });

    it('leaves out what is deleted softly', async () => {
      const { tenantId, id } = await insert();
      const remove = () =>
        under().database.transaction(() => notes.update(tenantId, id, undefined, { deletedAt: new Date() }));
      expect((await remove()).deletedAt).toBeInstanceOf(Date);
      await expect(notes.get(tenantId, id)).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
      await expect(remove()).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
      expect(await notes.query(tenantId, 'note').getMany()).toEqual([]);
      expect(await notes.count(tenantId)).toBe(0);
    });

    it('knows when a name is taken, and takes names apart by case and trailing spaces', async () => {
      const { tenantId } = await insert({ name: 'plan' });
      const error: unknown = await insert({ tenantId, name: 'plan' }).catch((caught: unknown) => caught);
      expect(isUniqueViolation(error)).toBe(true);
      await insert({ tenantId, name: 'Plan' });
      await insert({ tenantId, name: 'plan ' });
      await insert({ tenantId, name: 'plän' });
      expect(await notes.count(tenantId, { name: 'plan' })).toBe(1);
    });

    it('refuses text that could not be read back', async () => {
      await expect(insert({ name: 'a\0b' })).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    });
  });
});
