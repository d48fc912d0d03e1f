import { setImmediate } from 'node:timers/promises';

import type { MigrationInterface, QueryRunner } from 'typeorm';

import { aNote, Note, noteTables, onEachDatabase, onMariaDb } from '@libs/testing';
import { anonymous, newContext, runInContext } from '@libs/trusted-headers';

import { column } from '../schema/column.js';
import { createTable } from '../schema/create-table.js';
import { TenantRepository } from '../repository/tenant-repository.js';
import type { Database } from './database.js';
import { connectionsEach, connectionsOfTenant, statementSeconds } from './mysql-pool.js';
import { openDatabase } from './open-database.js';

const asTenant = <T>(tenantId: string, work: () => Promise<T>): Promise<T> =>
  runInContext({ ...newContext(), identity: { ...anonymous, tenantId } }, work);

/** A promise that is settled from outside, to hold a transaction open. */
const aGate = (): PromiseWithResolvers<void> => Promise.withResolvers<void>();

describe('Database', () => {
  onEachDatabase(noteTables, (under) => {
    let database: Database;
    let notes: TenantRepository<Note>;
    const tenantId = 'tenant-1';
    const exists = async (id: string): Promise<boolean> => (await notes.findOne(tenantId, { id })) !== undefined;

    beforeAll(() => {
      ({ database } = under());
      notes = new TenantRepository(database, Note);
    });

    it('is the kind of database that was asked for', async () => {
      expect(database.kind).toBe(under().server === undefined ? 'sqlite' : 'mysql');
      await database.ping();
    });

    it('keeps what a finished transaction has written, also for the next start', async () => {
      const { id } = await database.transaction(() => notes.insert(aNote()));
      const next = await under().open();
      expect(await next.manager.countBy(Note, { id })).toBe(1);
    });

    it('keeps nothing of a transaction that fails', async () => {
      const note = aNote();
      const work = database.transaction(async () => {
        await notes.insert(note);
        expect(await exists(note.id)).toBe(true);
        throw new Error('changed my mind');
      });
      await expect(work).rejects.toThrow('changed my mind');
      expect(await exists(note.id)).toBe(false);
    });

    it('shows nobody else what is not committed', async () => {
      const note = aNote();
      const written = aGate();
      const read = aGate();
      const work = database.transaction(async () => {
        await notes.insert(note);
        written.resolve();
        await read.promise;
      });
      await written.promise;
      expect(await exists(note.id)).toBe(false);
      read.resolve();
      await work;
      expect(await exists(note.id)).toBe(true);
    });

    it.each<{ way: string; write: (database: Database, id: string) => Promise<unknown> }>([
      { way: 'save', write: ({ manager }, id) => manager.save(manager.create(Note, { id, stars: 9 })) },
      { way: 'insert', write: ({ manager }, id) => manager.insert(Note, { id }) },
      { way: 'update', write: ({ manager }, id) => manager.update(Note, { id }, { name: 'x' }) },
      { way: 'delete', write: ({ manager }, id) => manager.delete(Note, { id }) },
      {
        way: 'a query builder',
        write: ({ manager }) => manager.createQueryBuilder().delete().from(Note).where({ name: 'x' }).execute(),
      },
      { way: 'SQL', write: ({ manager }) => manager.query('DELETE FROM notes') },
    ])('refuses to write outside a transaction by $way', async ({ write }) => {
      const { id } = await database.transaction(() => notes.insert(aNote()));
      await expect(write(database, id)).rejects.toThrow('needs a transaction');
      expect(await notes.get(tenantId, id)).toMatchObject({ version: 1 });
    });

    it('joins the surrounding transaction', async () => {
      const note = aNote();
      const work = database.transaction(async (outer) => {
        await database.transaction(async (inner) => {
          expect(inner).toBe(outer);
          await notes.insert(note);
        });
        throw new Error('outer failure');
      });
      await expect(work).rejects.toThrow('outer failure');
      expect(await exists(note.id)).toBe(false);
    });

    it('does not commit half of the work when the error of an inner transaction is caught', async () => {
      const note = aNote();
      const work = database.transaction(async () => {
        await database
          .transaction(async () => {
            await notes.insert(note);
            throw new Error('inner failure');
          })
          .catch(() => undefined);
      });
      await expect(work).rejects.toThrow('inner failure');
      expect(await exists(note.id)).toBe(false);
    });

    it('goes on after a value was taken, if the work catches that', async () => {
      const first = aNote();
      const second = aNote();
      await database.transaction(async () => {
        await notes.insert(first);
        await notes.insert(aNote({ name: first.name })).catch(() => undefined);
        await notes.insert(second);
      });
      expect(await exists(second.id)).toBe(true);
    });

    it('refuses what a transaction started and did not wait for', async () => {
      const stray = await database.transaction(() => notes.insert(aNote()));
      const over = aGate();
      let late: Promise<unknown> = Promise.resolve();
      await database.transaction((manager) => {
        late = over.promise.then(() => manager.update(Note, { id: stray.id }, { stars: 1 }));
        return Promise.resolve();
      });
      const next = database.transaction(async () => {
        over.resolve();
        await expect(late).rejects.toThrow(/released/);
        throw new Error('rolled back');
      });
      await expect(next).rejects.toThrow('rolled back');
      expect((await notes.get(tenantId, stray.id)).stars).toBe(0);
    });

    it('runs what follows the commit after the commit, outside the transaction, once', async () => {
      const note = aNote();
      const seen: unknown[] = [];
      const followed = aGate();
      await database.transaction(async () => {
        database.afterCommit(async () => {
          seen.push({ inTransaction: database.isInTransaction, committed: await exists(note.id) });
          followed.resolve();
        });
        await notes.insert(note);
        expect(seen).toEqual([]);
      });
      await followed.promise;
      expect(seen).toEqual([{ inTransaction: false, committed: true }]);
    });

    it('does not run what follows the commit when there is none', async () => {
      let followed = false;
      const work = database.transaction(() => {
        database.afterCommit(() => {
          followed = true;
        });
        throw new Error('no commit');
      });
      await expect(work).rejects.toThrow('no commit');
      await database.transaction(async () => undefined);
      expect(followed).toBe(false);
      expect(() => database.afterCommit(() => undefined)).toThrow('no transaction');
    });

    it('begins when another process that was in its way has written and gone on writing', async () => {
      const other = await under().open();
      const insert = (of: Database) => of.transaction(() => new TenantRepository(of, Note).insert(aNote()));
      const [holding, end] = [aGate(), aGate()];
      const theirs = other.transaction(async () => {
        await new TenantRepository(other, Note).insert(aNote());
        holding.resolve();
        await end.promise;
      });
      await holding.promise;
      const ours = insert(database);
      // On SQLite it has failed to begin by then.
      await setImmediate();
      end.resolve();
      await theirs;
      await insert(other);
      expect(await exists((await ours).id)).toBe(true);
    });

    it('loses no update when processes write at the same time', async () => {
      const other = await under().open();
      const { id } = await database.transaction(() => notes.insert(aNote()));
      const addStar = (through: Database) =>
        through.transaction(async (manager) => {
          const [row] = (await manager.query(
            through.kind === 'mysql'
              ? 'SELECT stars FROM notes WHERE id = ? FOR UPDATE'
              : 'SELECT stars FROM notes WHERE id = ?',
            [id],
          )) as [{ stars: number }];
          await manager.update(Note, { id }, { stars: row.stars + 1 });
        });
      await Promise.all(Array.from({ length: 40 }, (_, index) => addStar(index % 2 === 0 ? database : other)));
      expect((await notes.get(tenantId, id)).stars).toBe(40);
    });

    it('runs transactions again that deadlock', async () => {
      const [a, b] = await database.transaction(async () => [await notes.insert(aNote()), await notes.insert(aNote())]);
      const both = Promise.withResolvers<void>();
      let holding = 0;
      let runs = 0;
      const touch = (first: Note, second: Note) =>
        database.transaction(async () => {
          runs += 1;
          await notes.update(tenantId, first.id, undefined, { stars: first.stars + 1 });
          holding += 1;
          if (holding === 2 || database.kind === 'sqlite') both.resolve();
          await both.promise;
          await notes.update(tenantId, second.id, undefined, { stars: second.stars + 1 });
        });
      await Promise.all([touch(a, b), touch(b, a)]);
      expect(runs).toBe(database.kind === 'sqlite' ? 2 : 3);
      expect([(await notes.get(tenantId, a.id)).version, (await notes.get(tenantId, b.id)).version]).toEqual([3, 3]);
    });

    it('migrates once, however many processes start', async () => {
      const options = { ...under().options, service: 'many-starts' };
      const starts = await Promise.all([1, 2, 3, 4].map(() => openDatabase(options)));
      const counts = await Promise.all(
        starts.map(({ manager }) => manager.query('SELECT COUNT(*) AS done FROM migrations')),
      );
      await Promise.all(starts.map((each) => each.close()));
      expect(counts.map(([row]: [{ done: number }]) => Number(row.done))).toEqual(
        starts.map(() => options.migrations.length),
      );
    });

    it('finishes a migration at the next start that failed half way', async () => {
      let failing = true;
      class TwoTables1700000000002 implements MigrationInterface {
        async up(runner: QueryRunner): Promise<void> {
          await createTable(runner, 'lefts', { columns: [column.id()] });
          if (failing) throw new Error('killed');
          await createTable(runner, 'rights', { columns: [column.id()] });
        }
        async down(): Promise<void> {}
      }
      const options = { ...under().options, service: 'half-way' };
      const migrations = [...options.migrations, TwoTables1700000000002];
      await expect(openDatabase({ ...options, migrations })).rejects.toThrow('killed');
      failing = false;
      const opened = await openDatabase({ ...options, migrations });
      await opened.manager.query('SELECT id FROM lefts');
      await opened.manager.query('SELECT id FROM rights');
      await opened.close();
    });
  });
});

describe('Database', () => {
  onMariaDb(noteTables, (under) => {
    let database: Database;
    let notes: TenantRepository<Note>;
    const tenantId = 'tenant-1';
    const exists = async (id: string): Promise<boolean> => (await notes.findOne(tenantId, { id })) !== undefined;

    beforeAll(() => {
      ({ database } = under());
      notes = new TenantRepository(database, Note);
    });

    it('runs a transaction again whose connection was lost', async () => {
      const note = aNote();
      let runs = 0;
      await database.transaction(async (manager) => {
        runs += 1;
        await notes.insert(note);
        if (runs > 1) return;
        const [row] = (await manager.query('SELECT CONNECTION_ID() AS id')) as [{ id: number }];
        await manager.query(`KILL ${row.id}`).catch(() => undefined);
        await manager.query('SELECT 1');
      });
      expect(runs).toBe(2);
      expect(await exists(note.id)).toBe(true);
    });

    it('has the server end what takes too long, whoever asked for it', async () => {
      const bound = 'SELECT @@SESSION.max_statement_time AS seconds';
      const ofReads: unknown = await database.manager.query(bound);
      const ofWrites: unknown = await database.transaction((manager) => manager.query(bound));
      expect([ofReads, ofWrites]).toEqual([[{ seconds: statementSeconds }], [{ seconds: statementSeconds }]]);
    });

    /** As many transactions at once as the pool has connections, until `end`. */
    const holding = async (many: number, tenant: string) => {
      const end = aGate();
      const begun = Array.from({ length: many }, aGate);
      const all = begun.map((one) =>
        asTenant(tenant, () =>
          database.transaction(async () => {
            one.resolve();
            await end.promise;
          }),
        ),
      );
      return { begun: begun.map(({ promise }) => promise), end: () => (end.resolve(), Promise.all(all)) };
    };

    it('reads while every connection that writes is taken', async () => {
      const { begun, end } = await holding(connectionsEach, '');
      await Promise.all(begun);
      expect(await exists('of nobody')).toBe(false);
      await end();
    });

    it('lets a tenant that writes much wait for itself, and no other tenant', async () => {
      const { begun, end } = await holding(connectionsOfTenant + 1, 'tenant-a');
      await Promise.all(begun.slice(0, connectionsOfTenant));
      await asTenant('tenant-b', () => database.transaction(() => notes.insert(aNote())));
      const last = begun[connectionsOfTenant];
      await expect(Promise.race([last, Promise.resolve('still waits')])).resolves.toBe('still waits');
      await end();
      await last;
    });

    it('is unavailable while the server is away, and works when it is back', async () => {
      const { server } = under();
      const { id } = await database.transaction(() => notes.insert(aNote()));
      await server?.kill();
      await expect(notes.get(tenantId, id)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
      await expect(database.ping()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
      const waiting = database.transaction(() => notes.insert(aNote()));
      await server?.restart();
      expect(await exists((await waiting).id)).toBe(true);
      expect(await exists(id)).toBe(true);
    }, 30_000);
  });
});

describe('openDatabase', () => {
  const nowhere = { service: 'auth', dataDir: '/dev/null/nowhere', entities: [], migrations: [] };

  it.each([
    { when: 'nobody answers', databaseUrl: 'mysql://me:pass-word@127.0.0.1:1/gatehouse', says: '127.0.0.1:1' },
    { when: 'the URL names no schema', databaseUrl: 'mysql://me:pass-word@127.0.0.1:1', says: 'must look like' },
    { when: 'the URL is of another kind', databaseUrl: 'postgres://me:pass-word@db/gatehouse', says: 'must look like' },
    { when: 'the directory cannot be made', databaseUrl: undefined, says: '/dev/null/nowhere/auth.db' },
  ])('says what is wrong when $when, without the password', async ({ databaseUrl, says }) => {
    const error = (await openDatabase({ ...nowhere, databaseUrl }).catch((caught: unknown) => caught)) as Error;
    expect(error.message).toContain(says);
    expect(error.message).not.toContain('pass-word');
  });
});
