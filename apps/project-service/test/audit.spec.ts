import { AccountServiceService, type AuditEvent, AuditOutcome, AuditServiceService } from '@libs/grpc';
import { type FakePeer, fakeService, startFakePeer, until } from '@libs/testing';

import { anAccount, aTenant } from './fake-accounts.fixture.js';
import { alice, bob } from './people.fixture.js';
import { type ProjectServiceUnderTest, projectServiceUnderTest } from './project-service-under-test.fixture.js';

describe('what project-service tells the audit trail', () => {
  const events: AuditEvent[] = [];
  let tenantService: FakePeer;
  let service: ProjectServiceUnderTest;

  beforeAll(async () => {
    tenantService = await startFakePeer(
      fakeService(AccountServiceService, {
        getAccount: async ({ userId, tenantId }) => ({
          user: anAccount(userId),
          tenant: aTenant(tenantId),
          roles: [],
          permissions: [],
        }),
      }),
      fakeService(AuditServiceService, {
        appendAuditEvents: async (request) => {
          events.push(...request.events);
          return {};
        },
      }),
    );
    service = await projectServiceUnderTest({ TENANT_SERVICE_GRPC: tenantService.address });
  });
  afterAll(async () => {
    await service.stop();
    tenantService.stop();
  });

  it('is one event for each change, and none for what was refused or only read', async () => {
    const headers = { 'x-forwarded-for': '192.0.2.7, 10.0.0.1' };
    const { body: project } = await service.call('POST /projects', { as: alice, body: { name: 'Tower' }, headers });
    const path = `/projects/${project.id}`;
    const set = (role: string) =>
      service.call(`PUT ${path}/members/${bob.userId}`, { as: alice, body: { role }, headers });
    await service.call(`PATCH ${path}`, { as: alice, body: { name: 'Light', description: 'x' }, headers });
    await set('viewer');
    await set('editor');
    await service.call(`GET ${path}`, { as: alice, headers });
    await service.call('POST /projects', { as: alice, body: { name: 'light' }, headers });
    await service.call(`PATCH ${path}`, { as: alice, body: { name: 'Late' }, headers: { 'if-match': '"1"' } });
    await service.call(`DELETE ${path}/members/${bob.userId}`, { as: alice, headers });
    await service.call(`DELETE ${path}`, { as: alice, headers });
    await service.call(`DELETE ${path}`, { as: alice, headers });

    await until(
      () => events,
      ({ length }) => length >= 6,
    );
    expect(events.map(({ action, target }) => [action, target])).toEqual([
      ['project.created', project.id],
      ['project.updated', project.id],
      ['project-member.added', project.id],
      ['project-member.changed', project.id],
      ['project-member.removed', project.id],
      ['project.deleted', project.id],
    ]);
    for (const event of events) {
      expect(event).toMatchObject({
        tenantId: alice.tenantId,
        actorId: alice.userId,
        actorMethod: 'jwt',
        clientAddress: '192.0.2.7',
        service: 'project-service',
        outcome: AuditOutcome.DONE,
      });
    }
    expect(events.map(({ detailsJson }) => JSON.parse(detailsJson) as unknown)).toEqual([
      { name: 'Tower' },
      { changed: ['name', 'description'] },
      { userId: bob.userId, role: 'viewer' },
      { userId: bob.userId, role: 'editor' },
      { userId: bob.userId, role: 'editor' },
      {},
    ]);
  });

  it('is one event for a request that was sent twice with the same key', async () => {
    events.length = 0;
    const request = { as: alice, body: { name: 'Once' }, headers: { 'idempotency-key': 'audited-once' } };
    await service.call('POST /projects', request);
    await service.call('POST /projects', request);
    await service.call('POST /projects', { as: alice, body: { name: 'Afterwards' } });
    await until(
      () => events,
      ({ length }) => length >= 2,
    );
    expect(events.map(({ detailsJson }) => JSON.parse(detailsJson) as unknown)).toEqual([
      { name: 'Once' },
      { name: 'Afterwards' },
    ]);
  });
});

describe('removing a member of a project', () => {
  it('is refused to whoever has seen an older version', async () => {
    const tenantService = await startFakePeer(
      fakeService(AccountServiceService, {
        getAccount: async ({ userId, tenantId }) => ({
          user: anAccount(userId),
          tenant: aTenant(tenantId),
          roles: [],
          permissions: [],
        }),
      }),
    );
    const service = await projectServiceUnderTest({ TENANT_SERVICE_GRPC: tenantService.address });
    const { body: project } = await service.call('POST /projects', { as: alice, body: { name: 'Versions' } });
    const path = `/projects/${project.id}/members/${bob.userId}`;
    const added = await service.call(`PUT ${path}`, { as: alice, body: { role: 'viewer' } });
    const changed = await service.call(`PUT ${path}`, { as: alice, body: { role: 'editor' } });
    const remove = (tag: string | null) =>
      service.call(`DELETE ${path}`, { as: alice, headers: { 'if-match': String(tag) } });
    expect(await remove(added.headers.get('etag'))).toMatchObject({ status: 412, body: { code: 'RESOURCE_CHANGED' } });
    expect((await service.call(`GET ${path}`, { as: alice })).status).toBe(200);
    expect((await remove(changed.headers.get('etag'))).status).toBe(204);
    await service.stop();
    tenantService.stop();
  });
});
