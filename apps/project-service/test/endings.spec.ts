import { AuditOutboxRow, auditTables } from '@libs/audit';
import { deletionLogTables } from '@libs/deletion-log';
import { type EndingMessage, PlanServiceService, TenantEndingServiceService } from '@libs/grpc';
import { type Database, newId, openDatabase, persistenceEntities } from '@libs/persistence';
import { describeWith, fakeService, startFakePeer, startMariaDb, type TestServer, until } from '@libs/testing';

import { ProjectMember } from '../src/memberships/member.entity.js';
import { Project } from '../src/projects/project.entity.js';
import { projectServiceUnderTest } from './project-service-under-test.fixture.js';

const past = new Date('2026-01-01T00:00:00Z');
const kept = { version: 1, createdAt: past, updatedAt: past };

function aProject(tenantId: string, ownerId: string) {
  const id = newId();
  const names = { name: id, livingNameKey: id, description: '', status: 'active' as const };
  return { ...kept, ...names, id, tenantId, ownerId, deletedAt: null };
}

describe('what follows the endings of tenant-service in project-service', () => {
  describe('on SQLite', () => {
    follows(() => Promise.resolve(undefined));
  });
  describeWith(['mariadbd', 'mariadb-install-db'], 'on MariaDB', () => follows(startMariaDb));
});

function follows(startServer: () => Promise<TestServer | undefined>): void {
  const endings: EndingMessage[] = [];
  let server: TestServer | undefined;
  let tenantService: Awaited<ReturnType<typeof startFakePeer>>;
  let service: Awaited<ReturnType<typeof projectServiceUnderTest>>;
  let database: Database;

  beforeAll(async () => {
    server = await startServer();
    tenantService = await startFakePeer(
      fakeService(PlanServiceService, { getTenantPlan: async () => ({}) }),
      fakeService(TenantEndingServiceService, {
        listEndings: async ({ after }) => ({ endings: endings.filter(({ position }) => position > after) }),
      }),
    );
    service = await projectServiceUnderTest({
      TENANT_SERVICE_GRPC: tenantService.address,
      ...(server === undefined ? {} : { DATABASE_URL: server.url }),
    });
    database = await openDatabase({
      service: 'project',
      databaseUrl: server?.url,
      dataDir: service.dataDir,
      entities: [
        ...persistenceEntities,
        ...auditTables.entities,
        ...deletionLogTables.entities,
        Project,
        ProjectMember,
      ],
      migrations: [],
    });
  }, 60_000);
  afterAll(async () => {
    await database.close();
    await service.stop();
    tenantService.stop();
    await server?.stop();
  });

  async function add(tenantId: string, count: number, ownerId = newId()): Promise<void> {
    const projects = Array.from({ length: count }, () => aProject(tenantId, ownerId));
    const members = projects.map(({ id }) => ({
      ...kept,
      id: newId(),
      tenantId,
      projectId: id,
      userId: ownerId,
      role: 'owner' as const,
    }));
    for (let at = 0; at < count; at += 500) {
      await database.transaction(async (manager) => {
        const insert = manager.createQueryBuilder().insert().updateEntity(false);
        await insert
          .into(Project)
          .values(projects.slice(at, at + 500))
          .execute();
        await insert
          .into(ProjectMember)
          .values(members.slice(at, at + 500))
          .execute();
      });
    }
  }
  const end = (kind: string, subjectId: string, tenantId = ''): number =>
    endings.push({ position: endings.length + 1, kind, subjectId, tenantId, endTime: new Date() });
  const living = (tenantId: string, more = {}) => database.manager.countBy(Project, { tenantId, ...more });
  const members = (tenantId: string) => database.manager.countBy(ProjectMember, { tenantId });
  const untilGone = (tenantId: string) =>
    until(
      async () => (await living(tenantId)) + (await members(tenantId)),
      (left) => left === 0,
      30_000,
    );
  const told = async (target: string) =>
    (await database.manager.find(AuditOutboxRow, { order: { id: 'ASC' } }))
      .map(({ event }) => event)
      .filter((event) => event.target === target);

  it('a large tenant goes in pieces, each with its audit event, and others keep what they have', async () => {
    const [large, small, other] = [newId(), newId(), newId()];
    await Promise.all([add(large, 2_500), add(small, 2), add(other, 3)]);
    end('tenant', large);
    end('tenant', small);
    await Promise.all([untilGone(large), untilGone(small)]);
    const events = await told(large);
    expect(events.map(({ action, details }) => [action, details])).toEqual(
      [1_000, 1_000, 500].map((count) => ['projects.deleted', { count }]),
    );
    // Its turn came after the first piece of the large one.
    const firstOfSmall = (await told(small))[0];
    expect(firstOfSmall?.id.localeCompare(events[1]?.id ?? '')).toBe(-1);
    expect([await living(other), await members(other)]).toEqual([3, 3]);
  });

  it('who owned more projects than a piece leaves all of them without an owner', async () => {
    const [tenantId, leaver, stayer] = [newId(), newId(), newId()];
    await Promise.all([add(tenantId, 1_200, leaver), add(tenantId, 2, stayer)]);
    end('membership', leaver, tenantId);
    await until(
      () => members(tenantId),
      (left) => left === 2,
      30_000,
    );
    expect(await living(tenantId, { ownerId: '' })).toBe(1_200);
    expect(await living(tenantId, { ownerId: stayer })).toBe(2);
  });
}
