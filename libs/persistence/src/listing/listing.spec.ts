import { aNote, Note, noteTables, onEachDatabase } from '@libs/testing';

import { newId } from '../ids/new-id.js';
import { TenantRepository } from '../repository/tenant-repository.js';
import { Listing, type PageRequest } from './listing.js';
import { ListQuery } from './list-query.js';

const listing = new Listing<Note>({
  defaultOrder: 'createdAt desc',
  orderable: ['name', 'stars', 'createdAt'],
  filterable: {
    name: 'text',
    status: ['open', 'done'],
    stars: 'number',
    pinned: 'boolean',
    createdAt: 'time',
    tenantId: 'id',
  },
  size: { few: 'as many as a test makes' },
});

describe('Listing', () => {
  onEachDatabase(noteTables, (under) => {
    let notes: TenantRepository<Note>;
    const page = (tenantId: string, request: PageRequest = {}) => listing.page(notes.query(tenantId, 'note'), request);

    async function readAll(tenantId: string, request: PageRequest): Promise<Note[][]> {
      const pages: Note[][] = [];
      let pageToken = '';
      do {
        const { items, nextPageToken } = await page(tenantId, { ...request, pageToken });
        pages.push(items);
        pageToken = nextPageToken;
      } while (pageToken !== '');
      return pages;
    }

    /** Seven notes; several were made in the same millisecond and have the same stars. */
    async function aTenantWithNotes(): Promise<string> {
      const tenantId = newId();
      const rows = [
        { name: 'Ärger', stars: 1 },
        { name: 'apple', stars: 2, status: 'done' as const },
        { name: 'Apple pie', stars: 2, pinned: true },
        { name: '100%', stars: 2 },
        { name: 'a_b', stars: 3 },
        { name: 'back\\slash', stars: 3 },
        { name: 'zebra 🦓', stars: 0 },
      ];
      await under().database.transaction(async () => {
        for (const [index, row] of rows.entries()) {
          const createdAt = new Date(Date.UTC(2030, 0, 1, 0, 0, 0, Math.floor(index / 3)));
          await notes.insert(aNote({ tenantId, createdAt, ...row }));
        }
      });
      return tenantId;
    }

    const names = (rows: readonly Note[]): string[] => rows.map((row) => row.name);

    beforeAll(() => {
      notes = new TenantRepository(under().database, Note);
    });

    it.each([
      { text: 'äRGER', found: ['Ärger'] },
      { text: 'ärger', found: ['Ärger'] },
      { text: 'GÖTEBORG', found: ['Göteborg'] },
      { text: 'ΑΘΉΝΑ', found: ['Αθήνα'] },
      { text: 'москва', found: ['МОСКВА'] },
      { text: 'strasse', found: [] },
      { text: 'PIE', found: ['Apple pie'] },
      { text: "'); --", found: [] },
    ])('finds the same on every database, in upper or lower case: $text', async ({ text, found }) => {
      const tenantId = await aTenantWithNotes();
      await under().database.transaction(async () => {
        for (const name of ['Göteborg', 'Αθήνα', 'МОСКВА', 'Straße']) {
          await notes.insert(aNote({ tenantId, name }));
        }
      });
      const { items } = await page(tenantId, { filter: `name:${JSON.stringify(text)}` });
      expect(names(items)).toEqual(found);
    });

    it('is empty for who has nothing', async () => {
      expect(await page(newId())).toEqual({ items: [], nextPageToken: '' });
    });

    it.each([
      { orderBy: undefined },
      { orderBy: 'createdAt' },
      { orderBy: 'stars desc, name' },
      { orderBy: 'stars,createdAt desc' },
      { orderBy: 'name desc' },
    ])('shows every row once, in order, over pages of any size, by $orderBy', async ({ orderBy }) => {
      const tenantId = await aTenantWithNotes();
      const [whole = []] = await readAll(tenantId, { orderBy, pageSize: 100 });
      expect(whole).toHaveLength(7);
      for (const pageSize of [1, 2, 3, 6, 7]) {
        const pages = await readAll(tenantId, { orderBy, pageSize });
        expect(pages.flat()).toEqual(whole);
        expect(pages).toHaveLength(Math.ceil(7 / pageSize));
      }
    });

    it('orders text by code point, on every database', async () => {
      const tenantId = await aTenantWithNotes();
      const { items } = await page(tenantId, { orderBy: 'name' });
      expect(names(items)).toEqual(['100%', 'Apple pie', 'a_b', 'apple', 'back\\slash', 'zebra 🦓', 'Ärger']);
    });

    it('neither skips nor repeats a row when others come and go', async () => {
      const tenantId = await aTenantWithNotes();
      const first = await page(tenantId, { orderBy: 'name', pageSize: 2 });
      await under().database.transaction(async () => {
        await notes.insert(aNote({ tenantId, name: '0 before' }));
        await notes.update(tenantId, first.items[1]?.id ?? '', undefined, { deletedAt: new Date() });
      });
      const second = await page(tenantId, { orderBy: 'name', pageSize: 2, pageToken: first.nextPageToken });
      expect(names(second.items)).toEqual(['a_b', 'apple']);
    });

    it.each([
      { filter: 'name : "APPLE"', found: ['Apple pie', 'apple'] },
      { filter: 'name : "%"', found: ['100%'] },
      { filter: 'name : "_"', found: ['a_b'] },
      { filter: 'name : "\\\\"', found: ['back\\slash'] },
      { filter: 'name : "Ä"', found: ['Ärger'] },
      { filter: 'name : "🦓"', found: ['zebra 🦓'] },
      { filter: 'name = "apple"', found: ['apple'] },
      { filter: 'name = "apple "', found: [] },
      { filter: 'name = "x\' OR 1=1 -- "', found: [] },
      { filter: 'status = done', found: ['apple'] },
      { filter: 'status != "open" AND stars = 2', found: ['apple'] },
      { filter: 'stars >= 3', found: ['a_b', 'back\\slash'] },
      { filter: 'pinned = true', found: ['Apple pie'] },
      { filter: 'createdAt >= "2030-01-01T01:00:00.002+01:00"', found: ['zebra 🦓'] },
      { filter: 'createdAt = "2030-01-01T00:00:00.001Z" AND stars > 2', found: ['a_b', 'back\\slash'] },
    ])('finds by $filter', async ({ filter, found }) => {
      const { items } = await page(await aTenantWithNotes(), { filter, orderBy: 'name' });
      expect(names(items)).toEqual(found);
    });

    it('does not let a filter or a token reach the rows of another tenant', async () => {
      const mine = await aTenantWithNotes();
      const theirs = await aTenantWithNotes();
      expect((await page(mine, { filter: `tenantId = "${theirs}"` })).items).toEqual([]);
      const { nextPageToken } = await page(theirs, { pageSize: 1 });
      const { items } = await page(mine, { pageToken: nextPageToken });
      expect(items.every((note) => note.tenantId === mine)).toBe(true);
    });

    const token = (content: unknown): string => Buffer.from(JSON.stringify(content)).toString('base64url');
    const binding = async (tenantId: string): Promise<string> => {
      const { nextPageToken } = await page(tenantId, { pageSize: 1 });
      return (JSON.parse(Buffer.from(nextPageToken, 'base64url').toString()) as [string])[0];
    };

    it.each([
      { when: 'is no token', make: () => 'nonsense' },
      { when: 'has no values', make: (bound: string) => token([bound, []]) },
      { when: 'has a number for a time', make: (bound: string) => token([bound, [5, newId()]]) },
      { when: 'has words for a time', make: (bound: string) => token([bound, ['soon', newId()]]) },
      { when: 'has a year that is none', make: (bound: string) => token([bound, ['0000-01-01T00:00:00Z', newId()]]) },
      { when: 'has an object', make: (bound: string) => token([bound, [{ time: '' }, newId()]]) },
      { when: 'is JSON of another shape', make: () => token({ a: 1 }) },
      { when: 'belongs to another order', make: () => token(['other', ['2030-01-01T00:00:00Z', newId()]]) },
    ])('refuses a page token that $when', async ({ make }) => {
      const tenantId = await aTenantWithNotes();
      await expect(page(tenantId, { pageToken: make(await binding(tenantId)) })).rejects.toMatchObject({
        code: 'REQUEST_INVALID',
        errors: [{ field: 'pageToken' }],
      });
    });

    it('refuses a token with another order or filter than it was made for', async () => {
      const tenantId = await aTenantWithNotes();
      const { nextPageToken: pageToken } = await page(tenantId, { pageSize: 1 });
      await expect(page(tenantId, { pageToken, orderBy: 'name' })).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
      await expect(page(tenantId, { pageToken, filter: 'stars = 2' })).rejects.toMatchObject({
        code: 'REQUEST_INVALID',
      });
    });

    it.each([
      { field: 'orderBy', request: { orderBy: 'secret' } },
      { field: 'orderBy', request: { orderBy: 'name sideways' } },
      { field: 'orderBy', request: { orderBy: 'name, name desc' } },
      { field: 'orderBy', request: { orderBy: 'name,' } },
      { field: 'orderBy', request: { orderBy: 'name; DROP TABLE notes' } },
      { field: 'filter', request: { filter: 'secret = 1' } },
      { field: 'pageSize', request: { pageSize: 101 } },
      { field: 'pageSize', request: { pageSize: -1 } },
      { field: 'pageSize', request: { pageSize: 1.5 } },
    ])('names $field when it refuses $request', async ({ field, request }) => {
      await expect(page(newId(), request)).rejects.toMatchObject({ code: 'REQUEST_INVALID', errors: [{ field }] });
    });
  });
});

describe('ListQuery', () => {
  it('fills in the page size', () => {
    expect(ListQuery.parse({})).toEqual({ pageSize: 20 });
    expect(ListQuery.parse({ pageSize: '7', orderBy: 'name' })).toEqual({ pageSize: 7, orderBy: 'name' });
  });

  it.each([
    { pageSize: '0' },
    { pageSize: '101' },
    { pageSize: 'x' },
    { pageSize: '' },
    { page: '1' },
    { filter: ['a', 'b'] },
  ])('refuses %j', (query) => {
    expect(ListQuery.safeParse(query).success).toBe(false);
  });
});
