import { Logger } from '@nestjs/common';

import { type Database, TenantRepository } from '@libs/persistence';
import { anIdentity, aNote, Note, noteTables, onEachDatabase } from '@libs/testing';
import { newContext, runInContext } from '@libs/trusted-headers';

import { auditTables } from '../audit.module.js';
import { Audit } from './audit.js';
import type { AuditEvent } from '../events/audit-event.js';
import { AuditOutboxRow } from './audit-outbox.entity.js';

const tables = {
  entities: [...auditTables.entities, ...noteTables.entities],
  migrations: [...auditTables.migrations, ...noteTables.migrations],
};

const alice = anIdentity({ userId: 'user-alice', tenantId: 'tenant-1', sessionId: 'session-1' });
const asAlice = <T>(work: () => Promise<T>): Promise<T> =>
  runInContext({ ...newContext(alice), requestId: 'request-1', clientAddress: '192.0.2.7' }, work);

describe('Audit', () => {
  onEachDatabase(tables, (under) => {
    let database: Database;
    let audit: Audit;
    const events = async (): Promise<AuditEvent[]> =>
      (await database.manager.find(AuditOutboxRow, { order: { id: 'ASC' } })).map(({ event }) => event);

    beforeAll(() => Logger.overrideLogger(false));
    beforeEach(async () => {
      ({ database } = under());
      audit = new Audit(database, { service: 'notes' });
      await database.transaction(async (manager) => {
        await manager.createQueryBuilder().delete().from(AuditOutboxRow).execute();
        await manager.createQueryBuilder().delete().from(Note).where({ tenantId: 'tenant-1' }).execute();
      });
    });

    const writeNote = (id: string): Promise<void> =>
      database.transaction(async () => {
        await new TenantRepository(database, Note).insert(aNote({ id }));
        await audit.record({ action: 'note.created', target: id, details: { stars: 3, pinned: false } });
      });

    it('tells who did what to which, in which tenant, from where', async () => {
      await asAlice(() => writeNote('note-1'));
      expect(await events()).toEqual([
        {
          id: expect.any(String),
          tenantId: 'tenant-1',
          time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
          service: 'notes-service',
          action: 'note.created',
          target: 'note-1',
          outcome: 'done',
          reason: '',
          actorId: 'user-alice',
          actorMethod: 'jwt',
          sessionId: 'session-1',
          apiKeyId: '',
          clientAddress: '192.0.2.7',
          requestId: 'request-1',
          traceId: expect.any(String),
          details: { stars: 3, pinned: false },
        },
      ]);
    });

    it('names the service where nobody calls', async () => {
      await writeNote('note-1');
      expect(await events()).toMatchObject([{ actorId: 'notes-service', actorMethod: 'service', tenantId: '' }]);
    });

    it('keeps the event if, and only if, the change is kept', async () => {
      const failing = database.transaction(async () => {
        await writeNote('note-1');
        throw new Error('rolled back');
      });
      await expect(failing).rejects.toThrow('rolled back');
      expect(await events()).toEqual([]);
      expect(await database.manager.countBy(Note, { tenantId: 'tenant-1' })).toBe(0);
    });

    it('takes nothing outside a transaction', async () => {
      await expect(audit.record({ action: 'note.created', target: 'note-1' })).rejects.toThrow('transaction');
      expect(await events()).toEqual([]);
    });

    it('writes down what was refused before it answers', async () => {
      const refused = { action: 'note.read', target: 'note-1', reason: 'ACCESS_DENIED' };
      await Promise.all([asAlice(() => audit.refused(refused)), asAlice(() => audit.refused(refused))]);
      expect(await events()).toMatchObject([
        { action: 'note.read', outcome: 'refused', reason: 'ACCESS_DENIED', actorId: 'user-alice' },
        { action: 'note.read', outcome: 'refused', reason: 'ACCESS_DENIED', actorId: 'user-alice' },
      ]);
    });

    it('keeps a refusal although the transaction in which it was made is rolled back', async () => {
      const failing = database.transaction(async () => {
        await audit.refused({ action: 'note.read', target: 'note-1', reason: 'ACCESS_DENIED' });
        throw new Error('rolled back');
      });
      await expect(failing).rejects.toThrow('rolled back');
      await audit.settled();
      expect(await events()).toMatchObject([{ action: 'note.read', outcome: 'refused' }]);
    });

    it('tells after the commit that there is something', async () => {
      let calls = 0;
      const stop = audit.onRecorded(() => (calls += 1));
      await writeNote('note-1');
      await new Promise((resolve) => setImmediate(resolve));
      expect(calls).toBe(1);
      stop();
      await writeNote('note-2');
      await new Promise((resolve) => setImmediate(resolve));
      expect(calls).toBe(1);
    });

    it.each(['newPassword', 'apiSecret', 'refreshToken', 'keyHash'])('refuses a detail called %s', async (name) => {
      const recording = database.transaction(() =>
        audit.record({ action: 'note.created', target: 'note-1', details: { [name]: 'x' } }),
      );
      await expect(recording).rejects.toThrow('secret');
      expect(await events()).toEqual([]);
    });

    it.each([
      `gth_live_${'a'.repeat(71)}`,
      `gtr_${'b'.repeat(43)}`,
      `eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.${'c'.repeat(20)}`,
    ])('writes no %s, wherever it stands', async (secret) => {
      const details = { name: `mine: ${secret}`, names: [secret] };
      await database.transaction(() => audit.record({ action: 'note.created', target: 'note-1', details }));
      const text = JSON.stringify(await events());
      expect(text).toContain('mine: [secret]');
      expect(text).not.toContain(secret.slice(0, 30));
    });
  });
});
