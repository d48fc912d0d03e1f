import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Logger } from '@nestjs/common';

import { Audit, AuditOutboxRow, auditTables } from '@libs/audit';
import { type Database, newId, openDatabase, persistenceMigrations } from '@libs/persistence';
import { anIdentity } from '@libs/testing';
import { newContext, runInContext } from '@libs/trusted-headers';

import type { InstanceStatus } from '../instances/instance-status.js';
import { Instance } from '../instances/instance.entity.js';
import { InstancesRepository } from '../instances/instances.repository.js';
import { Instances1700000001000 } from '../database/migrations/1700000001000-instances.js';
import { Clock } from '../time/clock.js';
import { InstanceDriver, type Move, MoveImpossible, type MoveProgress } from '../driver/instance-driver.js';
import { MoveDriver } from './move-driver.js';
import { MoveRunner } from './move-runner.js';
import { MovesRepository } from '../instances/moves.repository.js';
import { SimulatedDriver } from '../driver/simulated-driver.js';

class HandClock extends Clock {
  private ms = Date.UTC(2030, 0, 1);

  override now(): Date {
    return new Date(this.ms);
  }

  pass(ms: number): void {
    this.ms += ms;
  }
}

class ScriptedDriver extends InstanceDriver {
  readonly asked: Move[] = [];

  constructor(private readonly answer: (move: Move) => Promise<MoveProgress>) {
    super();
  }

  override advance(move: Move): Promise<MoveProgress> {
    this.asked.push(move);
    return this.answer(move);
  }
}

Logger.overrideLogger(false);

let folder: string;
let database: Database;
let instances: InstancesRepository;
let clock: HandClock;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moves-'));
  database = await openDatabase({
    service: 'ecs',
    dataDir: folder,
    entities: [Instance, AuditOutboxRow],
    migrations: [...persistenceMigrations, ...auditTables.migrations, Instances1700000001000],
  });
  instances = new InstancesRepository(database);
  clock = new HandClock();
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

const movesOf = (of: Database): MovesRepository =>
  new MovesRepository(of, instances, new Audit(of, { service: 'ecs' }));
const told = async () => (await database.manager.find(AuditOutboxRow)).map(({ event }) => event);

const runnerWith = (driver: InstanceDriver): MoveRunner => {
  const moves = movesOf(database);
  return new MoveRunner(database, moves, new MoveDriver(driver, moves, clock), clock);
};

const anInstance = async (status: InstanceStatus): Promise<Instance> =>
  database.transaction(() =>
    instances.insert({
      id: newId(),
      tenantId: 'tenant-acme',
      projectId: 'project-1',
      creatorId: 'user-bob',
      name: 'web',
      flavor: 'small',
      image: 'debian-13',
      status,
      statusReason: '',
      statusSince: clock.now(),
      driveAt: clock.now(),
      driveFailures: 0,
      deletedAt: null,
    }),
  );
const reload = (instance: Instance) => instances.findOne(instance.tenantId, { id: instance.id });

const simulation = () =>
  new SimulatedDriver({ provisioning: 2_000, starting: 500, stopping: 500, deleting: 500 }, clock);

describe('MoveRunner', () => {
  it.each([
    { status: 'provisioning', next: 'running', takesMs: 2_000 },
    { status: 'starting', next: 'running', takesMs: 500 },
    { status: 'stopping', next: 'stopped', takesMs: 500 },
    { status: 'deleting', next: undefined, takesMs: 500 },
  ] as const)('brings $status to its end after $takesMs ms of the simulation', async ({ status, next, takesMs }) => {
    const runner = runnerWith(simulation());
    const instance = await anInstance(status);
    await runner.runDue();
    clock.pass(takesMs - 1);
    await runner.runDue();
    expect(await reload(instance)).toMatchObject({ status, version: 1 });
    clock.pass(1);
    await runner.runDue();
    expect((await reload(instance))?.status).toBe(next);
  });

  it.each([
    { status: 'starting', to: 'running' },
    { status: 'deleting', to: 'gone' },
  ] as const)(
    'tells the audit trail of the tenant, in the name of the system, that $status led to $to',
    async (move) => {
      const instance = await anInstance(move.status);
      const runner = runnerWith(new ScriptedDriver(async () => ({ done: true })));
      const identity = anIdentity({ userId: 'user-bob', sessionId: 'session-of-bob' });
      await runInContext({ ...newContext(), identity, clientAddress: '192.0.2.1' }, () => runner.runNow(instance.id));
      const actor = {
        actorId: 'system',
        actorMethod: 'service',
        sessionId: '',
        clientAddress: '',
        service: 'ecs-service',
      };
      const details = { from: move.status, to: move.to };
      expect(await told()).toMatchObject([
        { action: 'instance.moved', target: instance.id, tenantId: instance.tenantId, ...actor, details },
      ]);
    },
  );

  it('moves nothing that it cannot tell the audit trail', async () => {
    const instance = await anInstance('starting');
    await database.transaction((manager) => manager.query('DROP TABLE audit_outbox'));
    await runnerWith(new ScriptedDriver(async () => ({ done: true })))
      .runDue()
      .catch(() => undefined);
    expect(await reload(instance)).toMatchObject({ status: 'starting', version: 1 });
  });

  it('goes on with what another process began and did not finish', async () => {
    const instance = await anInstance('provisioning');
    const moves = movesOf(database);
    const [claimed] = await moves.claimDue({ now: clock.now(), until: new Date(clock.now().getTime() + 10_000) }, 10);
    expect(claimed?.id).toBe(instance.id);

    const driver = new ScriptedDriver(async () => ({ done: true }));
    const runner = runnerWith(driver);
    await runner.runDue();
    expect(driver.asked).toEqual([]);
    clock.pass(10_000);
    await runner.runDue();
    expect(await reload(instance)).toMatchObject({ status: 'running', driveAt: null });
  });

  it('leaves a move to one of two processes', async () => {
    await anInstance('provisioning');
    const driver = new ScriptedDriver(async () => ({ done: true }));
    await Promise.all([runnerWith(driver).runDue(), runnerWith(driver).runDue()]);
    expect(driver.asked).toHaveLength(1);
  });

  it('forgets the outcome of a move that is no longer wanted', async () => {
    const instance = await anInstance('provisioning');
    const driver = new ScriptedDriver(async () => {
      await database.transaction(() => instances.update(instance.tenantId, instance.id, 1, { status: 'deleting' }));
      return { done: true };
    });
    await runnerWith(driver).runDue();
    expect(await reload(instance)).toMatchObject({ status: 'deleting', version: 2 });
    expect(await told()).toEqual([]);
  });

  it('tries again, ever more slowly, and gives up after ten failures', async () => {
    const instance = await anInstance('provisioning');
    const driver = new ScriptedDriver(() => Promise.reject(new Error('out of order')));
    const runner = runnerWith(driver);
    for (let seconds = 0; seconds < 600; seconds += 1) {
      await runner.runDue();
      clock.pass(1_000);
    }
    expect(driver.asked).toHaveLength(10);
    expect(await reload(instance)).toMatchObject({
      status: 'failed',
      statusReason: 'provisioning failed too often',
      driveAt: null,
    });
    const details = { from: 'provisioning', to: 'failed', reason: 'provisioning failed too often' };
    expect(await told()).toMatchObject([{ action: 'instance.failed', target: instance.id, details }]);
  });

  it('gives up at once on what the driver calls impossible, and tells why', async () => {
    const instance = await anInstance('provisioning');
    const driver = new ScriptedDriver(() => Promise.reject(new MoveImpossible('no such image')));
    await runnerWith(driver).runDue();
    expect(await reload(instance)).toMatchObject({ status: 'failed', statusReason: 'no such image' });
  });

  it('never gives up deleting', async () => {
    const instance = await anInstance('deleting');
    let isBroken = true;
    const driver = new ScriptedDriver(async () => {
      if (isBroken) throw new MoveImpossible('not today');
      return { done: true };
    });
    const runner = runnerWith(driver);
    for (let minutes = 0; minutes < 20; minutes += 1) {
      await runner.runDue();
      clock.pass(60_000);
    }
    expect(await reload(instance)).toMatchObject({ status: 'deleting', driveFailures: 20 });
    isBroken = false;
    await runner.runDue();
    expect(await reload(instance)).toBeUndefined();
  });
});
