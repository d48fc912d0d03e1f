import { aNote, Note, noteTables, onEachDatabase } from '@libs/testing';

import { newId } from '../ids/new-id.js';
import { addIndex } from '../schema/add-index.js';
import { TenantRepository } from '../repository/tenant-repository.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { countBy, countUpTo } from './count-rows.js';
import type { Narrowing } from './list-fields.js';
import { Listing, type Page, type PageRequest } from './listing.js';

const reach = 5;
const listing = new Listing<Note>(
  {
    defaultOrder: 'createdAt desc',
    orderable: ['name', 'stars', 'status', 'createdAt'],
    filterable: {
      name: 'text',
      status: ['open', 'done'],
      stars: 'number',
      pinned: 'boolean',
      createdAt: 'time',
    },
    size: { scope: ['tenantId', 'deletedAt'], walks: ['name', 'stars', 'createdAt'], finds: ['status'] },
  },
  { atOnce: 2, atMost: reach },
);

class WalkedNotes1700000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const field of ['name', 'stars', 'createdAt', 'status'])
      await addIndex(runner, 'notes', ['tenantId', 'deletedAt', field, 'id']);
  }
  async down(): Promise<void> {}
}

const tables = { entities: noteTables.entities, migrations: [...noteTables.migrations, WalkedNotes1700000000002] };

describe('a list that is longer than a page may look', () => {
  onEachDatabase(tables, (under) => {
    let notes: TenantRepository<Note>;
    let tenantId: string;

    /** Twenty-four; every third has the same number of stars, three are done, one is pinned. */
    beforeAll(async () => {
      notes = new TenantRepository(under().database, Note);
      tenantId = newId();
      await under().database.transaction(async () => {
        for (let n = 0; n < 24; n += 1) {
          await notes.insert(
            aNote({
              tenantId,
              name: `note ${String((n * 7) % 24).padStart(2, '0')}`,
              stars: n % 3,
              status: n % 8 === 7 ? 'done' : 'open',
              pinned: n === 20,
              createdAt: new Date(Date.UTC(2030, 0, 1, 0, 0, Math.floor(n / 2))),
            }),
          );
          // Others, and what is gone, is passed by.
          await notes.insert(aNote({ tenantId: `${tenantId.slice(0, -1)}x`, name: `other ${n}` }));
          await notes.insert(aNote({ tenantId, name: `gone ${n}`, deletedAt: new Date() }));
        }
      });
    });

    const page = (request: PageRequest, narrowing?: Narrowing): Promise<Page<Note>> =>
      listing.page(notes.query(tenantId, 'note'), request, narrowing);

    async function readAll(request: PageRequest, narrowing?: Narrowing): Promise<Note[][]> {
      const pages: Note[][] = [];
      let pageToken = '';
      do {
        const { items, nextPageToken } = await page({ ...request, pageToken }, narrowing);
        pages.push(items);
        pageToken = nextPageToken;
      } while (pageToken !== '');
      return pages;
    }

    const whole = new Listing<Note>({ ...listing.options, size: { few: 'to compare with' } });
    const orders = ['name', 'name desc', 'stars', 'stars desc', 'createdAt', 'createdAt desc'];
    const filters = [
      '',
      'name : "2"',
      'name : "none of them"',
      'name = "note 07"',
      'name != "note 07"',
      'status = done',
      'status = open',
      'status != open AND stars < 2',
      'pinned = true',
      'stars >= 1',
      'stars = 2 AND name : "1"',
      'createdAt > "2030-01-01T00:00:05Z"',
      'createdAt <= "2030-01-01T00:00:05Z" AND createdAt > "2030-01-01T00:00:01Z" AND status = open',
    ];

    it.each(orders.flatMap((orderBy) => filters.map((filter) => ({ orderBy, filter }))))(
      'shows each row once, in order, by $orderBy where $filter',
      async ({ orderBy, filter }) => {
        const { items } = await whole.page(notes.query(tenantId, 'note'), { orderBy, filter, pageSize: 100 });
        for (const pageSize of [1, 3, 100]) {
          const pages = await readAll({ orderBy, filter, pageSize });
          expect(pages.flat().map(({ name }) => name)).toEqual(items.map(({ name }) => name));
        }
      },
    );

    it('ends a page where it has looked at so many rows, with what it has found, and goes on from there', async () => {
      const pages = await readAll({ filter: 'pinned = true', orderBy: 'createdAt' });
      expect(pages.map((items) => items.length)).toEqual([0, 0, 0, 0, 1]);
    });

    it('looks no further than the index leads, however long the list is', async () => {
      const one = await page({ filter: 'status = done', orderBy: 'name' });
      expect([one.items.length, one.nextPageToken]).toEqual([3, '']);
      const named = await page({ filter: 'name = "note 07" AND stars >= 0', orderBy: 'createdAt desc' });
      expect([named.items.length, named.nextPageToken]).toEqual([1, '']);
    });

    it('sorts by what no index is in the order of while that is little, and says so otherwise', async () => {
      const few = await page({ filter: 'status = done', orderBy: 'stars, name desc' });
      expect(few.items).toHaveLength(3);
      for (const orderBy of ['stars, name', 'status']) {
        await expect(page({ orderBy })).rejects.toMatchObject({
          code: 'REQUEST_INVALID',
          errors: [{ field: 'orderBy', code: 'TOO_MANY' }],
        });
      }
    });

    it.each([
      { ids: 4, pages: [4] },
      { ids: 12, pages: [3, 2, 3, 2, 2] },
    ])('finds what a caller is narrowed to, be it $ids', async ({ ids, pages }) => {
      const { items } = await whole.page(notes.query(tenantId, 'note'), { orderBy: 'name', pageSize: 100 });
      const some = items.filter((_item, at) => at % (24 / ids) === 0).map(({ id }) => id);
      const narrowing = { condition: 'note.id IN (:...some)', parameters: { some }, isById: true };
      const found = await readAll({ orderBy: 'name' }, narrowing);
      expect(found.flat().map(({ id }) => id)).toEqual(some);
      expect(found.map((one) => one.length)).toEqual(pages);
    });

    it('counts as far as it is told, and tells whether there are more', async () => {
      expect(await countUpTo(under().database.manager, notes.query(tenantId, 'note'), 24)).toEqual({
        count: 24,
        atLeast: false,
      });
      expect(await countUpTo(under().database.manager, notes.query(tenantId, 'note'), 23)).toEqual({
        count: 23,
        atLeast: true,
      });
      const by = (most: number, narrowing?: Narrowing) =>
        countBy(under().database.manager, notes.query(tenantId, 'note'), 'status', ['done', 'open'], narrowing, most);
      expect(await by(21)).toEqual({
        counts: new Map([
          ['done', 3],
          ['open', 21],
        ]),
        atLeast: false,
      });
      expect(await by(5)).toEqual({
        counts: new Map([
          ['done', 3],
          ['open', 5],
        ]),
        atLeast: true,
      });
      const pinned = { condition: 'note.pinned = :pinned', parameters: { pinned: true } };
      expect(await by(5, pinned)).toEqual({ counts: new Map([['open', 1]]), atLeast: false });
      const anyone = { condition: 'note.stars >= :none', parameters: { none: 0 } };
      expect((await by(5, anyone)).atLeast).toBe(true);
    });
  });
});
