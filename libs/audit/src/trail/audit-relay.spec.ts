import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { Logger } from '@nestjs/common';

import { type Database, openDatabase, persistenceEntities, persistenceMigrations } from '@libs/persistence';
import { until } from '@libs/testing';
import { currentContextOrNone, newContext, runInContext, serviceIdentity } from '@libs/trusted-headers';

import { Audit } from '../outbox/audit.js';
import type { AuditEvent } from '../events/audit-event.js';
import { AuditOutboxRow } from '../outbox/audit-outbox.entity.js';

import { auditTables } from '../audit.module.js';
import { AuditRelay } from './audit-relay.js';
import { AuditTrail } from './audit-trail.js';

/** Keeps what arrives, can be away, and can lose its answer. */
class FakeTrail extends AuditTrail {
  readonly arrived: string[] = [];
  readonly contexts: object[] = [];
  isAway = false;
  losesAnswer = false;

  override append(events: readonly AuditEvent[]): Promise<void> {
    const context = currentContextOrNone();
    this.contexts.push({ deadline: context?.deadline, name: context?.identity.userName });
    if (this.isAway) return Promise.reject(new Error('the trail is away'));
    this.arrived.push(...events.map(({ target }) => target));
    if (this.losesAnswer) return Promise.reject(new Error('the answer is lost'));
    return Promise.resolve();
  }
}

describe('AuditRelay', () => {
  let dataDir: string;
  let database: Database;
  let audit: Audit;
  let trail: FakeTrail;
  let relay: AuditRelay;

  beforeAll(() => Logger.overrideLogger(false));
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'audit-relay-'));
    const tables = {
      entities: [...persistenceEntities, ...auditTables.entities],
      migrations: [...persistenceMigrations, ...auditTables.migrations],
    };
    database = await openDatabase({ service: 'test', dataDir, ...tables });
    audit = new Audit(database, { service: 'test' });
    trail = new FakeTrail();
    relay = new AuditRelay(database, audit, trail);
  });
  afterEach(async () => {
    await relay.stop();
    await database.close();
    await rm(dataDir, { recursive: true });
  });

  const record = (target: string): Promise<void> =>
    database.transaction(() => audit.record({ action: 'thing.changed', target }));
  const waiting = (): Promise<number> => database.manager.count(AuditOutboxRow);

  it('brings what is committed into the trail, in order, and forgets it here', async () => {
    const targets = Array.from({ length: 450 }, (_, n) => `thing-${n}`);
    await database.transaction(async () => {
      for (const target of targets) await audit.record({ action: 'thing.changed', target });
    });
    await relay.ship();
    expect(trail.arrived).toEqual(targets);
    expect(await waiting()).toBe(0);
  });

  it('does so by itself soon after a commit', async () => {
    relay.start();
    await record('thing-1');
    await until(waiting, (count) => count === 0);
    expect(trail.arrived).toEqual(['thing-1']);
  });

  it('does not ship in the name of whoever has changed something, nor within their deadline', async () => {
    relay.start();
    const caller = { ...newContext(serviceIdentity('somebody')), deadline: 1 };
    await runInContext(caller, () => record('thing-1'));
    await until(waiting, (count) => count === 0);
    expect(trail.contexts).toEqual([{ deadline: undefined, name: '' }]);
  });

  it('keeps events while the trail is away, and brings them when it is back', async () => {
    trail.isAway = true;
    relay.start();
    await record('thing-1');
    await record('thing-2');
    await expect(relay.ship()).rejects.toThrow('away');
    expect(await waiting()).toBe(2);
    trail.isAway = false;
    await until(waiting, (count) => count === 0);
    expect(trail.arrived).toEqual(['thing-1', 'thing-2']);
  });

  it('sends again what was not acknowledged: the trail knows it by its id', async () => {
    trail.losesAnswer = true;
    await record('thing-1');
    await expect(relay.ship()).rejects.toThrow('lost');
    trail.losesAnswer = false;
    await relay.ship();
    expect(trail.arrived).toEqual(['thing-1', 'thing-1']);
    expect(await waiting()).toBe(0);
  });

  it('brings what was recorded just before it stops', async () => {
    relay.start();
    await pause(100);
    await record('thing-1');
    await relay.stop();
    expect(trail.arrived).toEqual(['thing-1']);
    expect(await waiting()).toBe(0);
  });

  it('stops although the trail hangs', async () => {
    trail.append = () => new Promise(() => undefined);
    relay.start();
    await record('thing-1');
    await pause(100);
    await relay.stop();
    expect(await waiting()).toBe(1);
  });

  it('ships nothing of a transaction that is rolled back', async () => {
    const failing = database.transaction(async () => {
      await audit.record({ action: 'thing.changed', target: 'thing-1' });
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    await relay.ship();
    expect(trail.arrived).toEqual([]);
  });
});
