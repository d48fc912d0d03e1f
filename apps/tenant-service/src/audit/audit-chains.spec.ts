import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type AuditEvent, auditTables, chained } from '@libs/audit';
import { type Database, newId, openDatabase, persistenceEntities, persistenceMigrations } from '@libs/persistence';
import { describeWith, startMariaDb, type TestServer } from '@libs/testing';

import { AuditTables1700000000100 } from '../migrations/audit-tables.js';
import { AuditChain } from './audit-chain.entity.js';
import { AuditChains } from './audit-chains.js';
import { AuditEntry, recordOf } from './audit-entry.entity.js';
import { ChainSeal } from './chain-seal.js';
import { ChainVerifier } from './chain-verifier.js';

const anEvent = (tenantId: string, fields: Partial<AuditEvent> = {}): AuditEvent => ({
  id: newId(),
  tenantId,
  time: '2026-01-02T03:04:05.678Z',
  service: 'project-service',
  action: 'project.created',
  target: newId(),
  outcome: 'done',
  reason: '',
  actorId: newId(),
  actorMethod: 'jwt',
  sessionId: newId(),
  apiKeyId: '',
  clientAddress: '2001:db8::7',
  requestId: newId(),
  traceId: 'trace-1',
  details: { name: 'Große 🗼', many: 1.5, flags: ['b', 'a'] },
  ...fields,
});

const seal = new ChainSeal(Buffer.alloc(32, 7));

function theChains(startServer: () => Promise<TestServer | undefined>): void {
  let server: TestServer | undefined;
  let dataDir: string;
  let database: Database;
  let chains: AuditChains;
  let verifier: ChainVerifier;
  let tenantId: string;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'audit-chains-'));
    server = await startServer();
    database = await openDatabase({
      service: 'tenant',
      databaseUrl: server?.url,
      dataDir,
      entities: [...persistenceEntities, ...auditTables.entities, AuditEntry, AuditChain],
      migrations: [...persistenceMigrations, ...auditTables.migrations, AuditTables1700000000100],
    });
    chains = new AuditChains(database, seal);
    verifier = new ChainVerifier(database, seal);
  }, 60_000);
  beforeEach(() => {
    tenantId = newId();
  });
  afterAll(async () => {
    await database.close();
    await server?.stop();
    await rm(dataDir, { recursive: true });
  });

  const entries = (): Promise<AuditEntry[]> =>
    database.manager.find(AuditEntry, { where: { tenantId }, order: { sequence: 'ASC' } });
  const append = async (count: number): Promise<AuditEvent[]> => {
    const events = Array.from({ length: count }, () => anEvent(tenantId));
    await chains.append(events);
    return events;
  };

  it('keeps each event as it was, in its place, after the one before it', async () => {
    const events = await append(3);
    const records = (await entries()).map(recordOf);
    expect(records.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(records).toEqual([
      chained(events[0] as AuditEvent, 1, '0'.repeat(64)),
      chained(events[1] as AuditEvent, 2, String(records[0]?.hash)),
      chained(events[2] as AuditEvent, 3, String(records[1]?.hash)),
    ]);
    expect(await verifier.verify(tenantId)).toEqual({
      tenantId,
      entries: 3,
      hash: records[2]?.hash,
      intact: true,
    });
  });

  it('adds an event once, however often it comes', async () => {
    const events = await append(2);
    await chains.append([...events, ...events, anEvent(tenantId)]);
    expect((await entries()).map(({ id }) => id)).toEqual([...events.map(({ id }) => id), expect.any(String)]);
    expect(await verifier.verify(tenantId)).toMatchObject({ intact: true, entries: 3 });
  });

  it('has no gap and no fork when many append to many chains at once', async () => {
    const other = newId();
    const batches = Array.from({ length: 24 }, (_, n) => {
      const events = Array.from({ length: 5 }, (__, m) => anEvent((n + m) % 2 === 0 ? tenantId : other));
      return n % 3 === 0 ? events.toReversed() : events;
    });
    // Some are sent twice, as by a relay that has lost the answer.
    await Promise.all([...batches, ...batches.slice(0, 8)].map((batch) => chains.append(batch)));
    const reports = await Promise.all([verifier.verify(tenantId), verifier.verify(other)]);
    expect(reports).toMatchObject([{ intact: true }, { intact: true }]);
    expect(reports.reduce((sum, report) => sum + report.entries, 0)).toBe(120);
  });

  it('keeps chains apart, and one for what belongs to no tenant', async () => {
    await append(1);
    await chains.append([anEvent('')]);
    const reports = [];
    for await (const report of verifier.verifyAll()) reports.push(report);
    expect(reports).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ tenantId: '', intact: true }),
        expect.objectContaining({ tenantId, entries: 1, intact: true }),
      ]),
    );
  });

  it.each([
    {
      what: 'an entry was changed',
      tamper: { sql: 'UPDATE audit_entries SET target = ? WHERE tenantId = ? AND sequence = 2', with: 'x' },
      report: { brokenAt: 2, problem: 'entry-altered' },
    },
    {
      what: 'an entry is missing in the middle',
      tamper: { sql: 'DELETE FROM audit_entries WHERE action <> ? AND tenantId = ? AND sequence = 2', with: 'x' },
      report: { brokenAt: 2, problem: 'entry-missing' },
    },
    {
      what: 'the last entry is missing',
      tamper: { sql: 'DELETE FROM audit_entries WHERE action <> ? AND tenantId = ? AND sequence = 3', with: 'x' },
      report: { brokenAt: 3, problem: 'entry-missing' },
    },
    {
      what: 'the end is missing with all of the entries but the chain is known',
      tamper: { sql: 'DELETE FROM audit_chains WHERE hash <> ? AND tenantId = ?', with: 'x' },
      report: { problem: 'end-missing' },
    },
  ])('tells that $what', async ({ tamper, report }) => {
    await append(3);
    await database.transaction((manager) => manager.query(tamper.sql, [tamper.with, tenantId]));
    expect(await verifier.verify(tenantId)).toMatchObject({ intact: false, ...report });
    const all = [];
    for await (const each of verifier.verifyAll()) all.push(each);
    expect(all).toContainEqual(expect.objectContaining({ tenantId, intact: false }));
  });

  it('tells a chain that was written anew, with hashes that fit, by its seal', async () => {
    await append(3);
    await database.transaction(async (manager) => {
      const [, second, third] = (await entries()).map(recordOf);
      const { sequence: _s, previousHash, hash: _h, ...event } = second as NonNullable<typeof second>;
      const forged = chained({ ...event, actorId: 'somebody-else' }, 2, previousHash);
      const { sequence: _s2, previousHash: _p, hash: _h2, ...lastEvent } = third as NonNullable<typeof third>;
      const last = chained(lastEvent, 3, forged.hash);
      for (const { id, actorId, previousHash: previous, hash } of [forged, last]) {
        await manager.update(AuditEntry, { id }, { actorId, previousHash: previous, hash });
      }
      await manager.update(AuditChain, { tenantId }, { hash: last.hash });
    });
    expect(await verifier.verify(tenantId)).toMatchObject({ intact: false, problem: 'end-altered' });
  });
}

describe('the chains of the audit trail', () => {
  describe('on SQLite', () => {
    theChains(() => Promise.resolve(undefined));
  });
  describeWith(['mariadbd'], 'on MariaDB', () => {
    theChains(startMariaDb);
  });
});
