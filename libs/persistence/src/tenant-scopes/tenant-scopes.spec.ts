import { aNote, Note, noteTables, onEachDatabase } from '@libs/testing';

import { newId } from '../ids/new-id.js';
import { TenantRepository } from '../repository/tenant-repository.js';
import type { Database } from '../database/database.js';

describe('a statement on a table of tenants', () => {
  onEachDatabase(noteTables, (under) => {
    let database: Database;
    const tenantId = newId();

    beforeAll(async () => {
      ({ database } = under());
      await database.transaction(() => new TenantRepository(database, Note).insert({ ...aNote(), tenantId }));
    });

    it.each([
      { way: 'find', ask: (own: Database) => own.manager.find(Note) },
      { way: 'find by other columns', ask: (own: Database) => own.manager.findBy(Note, { status: 'open' }) },
      { way: 'count', ask: (own: Database) => own.manager.count(Note) },
      { way: 'a query builder', ask: (own: Database) => own.manager.createQueryBuilder(Note, 'note').getMany() },
      { way: 'SQL', ask: (own: Database) => own.manager.query('SELECT tenantId FROM notes') },
      { way: 'SQL in small letters', ask: (own: Database) => own.manager.query('select * from notes where stars = 1') },
      {
        way: 'a join',
        ask: (own: Database) => own.manager.query('SELECT 1 FROM outbox JOIN notes ON notes.stars = 1'),
      },
      { way: 'a subquery', ask: (own: Database) => own.manager.query('SELECT 1 WHERE EXISTS (SELECT 1 FROM notes)') },
      {
        way: 'something else behind a plus',
        ask: (own: Database) => own.manager.query('SELECT 1 FROM notes WHERE + (stars = 1)'),
      },
      {
        way: 'the tenant behind a minus',
        ask: (own: Database) => own.manager.query("SELECT 1 FROM notes WHERE - (tenantId = 'x')"),
      },
      {
        way: 'an update',
        ask: (own: Database) => own.transaction((manager) => manager.update(Note, { status: 'open' }, { stars: 5 })),
      },
      {
        way: 'a delete',
        ask: (own: Database) => own.transaction((manager) => manager.delete(Note, { status: 'open' })),
      },
    ])('fails without the tenant: $way', async ({ ask }) => {
      await expect(ask(database)).rejects.toThrow('does not name the tenant');
      expect(await database.manager.countBy(Note, { tenantId })).toBe(1);
    });

    it.each([
      { way: 'the tenant', ask: (own: Database) => own.manager.findBy(Note, { tenantId }) },
      {
        way: 'SQL with the tenant',
        ask: (own: Database) => own.manager.query('SELECT 1 FROM notes WHERE tenantId = ?', [tenantId]),
      },
      {
        way: 'the tenant behind a plus, which tells SQLite to find by another',
        ask: (own: Database) =>
          own.manager.query('SELECT 1 FROM notes WHERE + (tenantId = ?) AND stars = 1', [tenantId]),
      },
      {
        way: 'a column that the entity is also found by',
        ask: (own: Database) => own.manager.findBy(Note, { name: 'x' }),
      },
    ])('passes with $way', async ({ ask }) => {
      await expect(ask(database)).resolves.toBeInstanceOf(Array);
    });
  });
});
