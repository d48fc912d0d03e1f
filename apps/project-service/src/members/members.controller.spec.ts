import { AccountServiceService } from '@libs/grpc';
import { type FakePeer, fakeService, startFakePeer } from '@libs/testing';

import { anAccount, aTenant } from '../../test/fake-accounts.fixture.js';
import { alice, bob, carol, mallory } from '../../test/people.fixture.js';
import {
  type ProjectServiceUnderTest,
  projectServiceUnderTest,
} from '../../test/project-service-under-test.fixture.js';

const tenants: Record<string, string> = {
  'user-alice': 'tenant-acme',
  'user-bob': 'tenant-acme',
  'user-carol': 'tenant-acme',
};

let tenantService: FakePeer;
let service: ProjectServiceUnderTest;

beforeAll(async () => {
  tenantService = await startFakePeer(
    fakeService(AccountServiceService, {
      getAccount: async ({ userId, tenantId }) => ({
        user: anAccount(userId),
        tenant: tenants[userId] === tenantId ? aTenant(tenantId) : undefined,
        roles: [],
        permissions: [],
      }),
    }),
  );
  service = await projectServiceUnderTest({ TENANT_SERVICE_GRPC: tenantService.address });
});
afterAll(async () => {
  await service.stop();
  tenantService.stop();
});

const projectOfBob = async (name: string): Promise<string> =>
  (await service.call('POST /projects', { as: bob, body: { name } })).body.id;
const setRole = (projectId: string, userId: string, role: string, as = bob) =>
  service.call(`PUT /projects/${projectId}/members/${userId}`, { as, body: { role } });

describe('the members of a project', () => {
  it('begin with its owner', async () => {
    const id = await projectOfBob('Fresh');
    const { body } = await service.call(`GET /projects/${id}/members`, { as: bob });
    expect(body).toMatchObject({ items: [{ userId: 'user-bob', projectId: id, role: 'owner' }], nextPageToken: '' });
  });

  it('may do what their role says, until they are removed', async () => {
    const id = await projectOfBob('Shared');
    const change = () => service.call(`PATCH /projects/${id}`, { as: carol, body: { description: 'by Carol' } });
    expect((await change()).status).toBe(404);

    const added = await setRole(id, 'user-carol', 'viewer');
    expect(added).toMatchObject({ status: 201, body: { userId: 'user-carol', role: 'viewer' } });
    expect(added.headers.get('location')).toBe(`/projects/${id}/members/user-carol`);
    expect((await service.call(`GET ${added.headers.get('location')}`, { as: carol })).body).toEqual(added.body);
    expect((await service.call('GET /projects', { as: carol })).body.items).toMatchObject([{ id }]);
    expect(await change()).toMatchObject({ status: 403, body: { code: 'ACCESS_DENIED' } });

    expect(await setRole(id, 'user-carol', 'editor')).toMatchObject({ status: 200, body: { role: 'editor' } });
    expect((await change()).status).toBe(200);
    expect((await service.call(`DELETE /projects/${id}`, { as: carol })).status).toBe(403);
    expect((await setRole(id, 'user-alice', 'viewer', carol)).status).toBe(403);

    expect((await service.call(`DELETE /projects/${id}/members/user-carol`, { as: bob })).status).toBe(204);
    expect((await change()).status).toBe(404);
    expect((await service.call('GET /projects', { as: carol })).body.items).toEqual([]);
  });

  it('may leave by themselves', async () => {
    const id = await projectOfBob('Abandoned');
    await setRole(id, 'user-carol', 'viewer');
    expect((await service.call(`DELETE /projects/${id}/members/user-carol`, { as: carol })).status).toBe(204);
    expect((await service.call(`DELETE /projects/${id}/members/user-carol`, { as: bob })).status).toBe(404);
  });

  it('come from the tenant of the project only', async () => {
    const id = await projectOfBob('Closed');
    const answer = await setRole(id, mallory.userId, 'viewer');
    expect(answer).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID', errors: [{ field: 'userId' }] } });
    expect((await service.call(`GET /projects/${id}`, { as: mallory })).status).toBe(404);
  });

  it('are added once, however many add them at once', async () => {
    const id = await projectOfBob('Crowded');
    const answers = await Promise.all(Array.from({ length: 10 }, () => setRole(id, 'user-carol', 'editor')));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(9);
    expect((await service.call(`GET /projects/${id}/members`, { as: bob })).body.items).toHaveLength(2);
  });

  it('never lose their owner', async () => {
    const id = await projectOfBob('Owned');
    expect(await setRole(id, 'user-bob', 'viewer', alice)).toMatchObject({
      status: 409,
      body: { code: 'RESOURCE_CONFLICT' },
    });
    const removed = await service.call(`DELETE /projects/${id}/members/user-bob`, { as: alice });
    expect(removed).toMatchObject({ status: 409, body: { code: 'RESOURCE_CONFLICT' } });
    expect((await service.call(`GET /projects/${id}`, { as: bob })).status).toBe(200);
  });

  it('are not changed by whoever saw an older state', async () => {
    const id = await projectOfBob('Guarded');
    await setRole(id, 'user-carol', 'viewer');
    await setRole(id, 'user-carol', 'editor');
    const path = `/projects/${id}/members/user-carol`;
    const late = await service.call(`PUT ${path}`, {
      as: bob,
      headers: { 'if-match': '"1"' },
      body: { role: 'viewer' },
    });
    expect(late).toMatchObject({ status: 412, body: { code: 'RESOURCE_CHANGED' } });
  });

  it.each([
    { what: 'no role', body: {}, field: 'role' },
    { what: 'an unknown role', body: { role: 'landlord' }, field: 'role' },
    { what: 'an unknown field', body: { role: 'viewer', userId: 'user-mallory' }, field: 'userId' },
  ])('are not set with $what', async ({ what, body, field }) => {
    const id = await projectOfBob(`Strict about ${what}`);
    const answer = await service.call(`PUT /projects/${id}/members/user-carol`, { as: bob, body });
    expect(answer).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID', errors: [{ field }] } });
  });
});

describe('the members of an archived project', () => {
  it('may leave, and are sent away, and are given no other role', async () => {
    const id = await projectOfBob('Archived');
    for (const userId of ['user-carol', 'user-alice']) await setRole(id, userId, 'editor');
    expect((await service.call(`PATCH /projects/${id}`, { as: bob, body: { status: 'archived' } })).status).toBe(200);
    const refused = { status: 409, body: { code: 'RESOURCE_ARCHIVED' } };
    for (const role of ['viewer', 'owner']) expect(await setRole(id, 'user-carol', role)).toMatchObject(refused);
    expect((await service.call(`DELETE /projects/${id}/members/user-carol`, { as: carol })).status).toBe(204);
    expect((await service.call(`DELETE /projects/${id}/members/user-alice`, { as: bob })).status).toBe(204);
  });
});

describe('the owner of a project', () => {
  const owner = async (projectId: string) =>
    (await service.call(`GET /projects/${projectId}`, { as: alice })).body.ownerId;
  const roles = async (projectId: string) => {
    const { body } = await service.call(`GET /projects/${projectId}/members`, { as: alice });
    const items = body.items as { userId: string; role: string }[];
    return Object.fromEntries(items.map(({ userId, role }) => [userId, role]));
  };
  afterEach(() => {
    tenants['user-bob'] = 'tenant-acme';
  });

  it('hands it on to a member of the tenant, and stays an editor', async () => {
    const id = await projectOfBob('Handed');
    const given = await setRole(id, 'user-carol', 'owner');
    expect(given).toMatchObject({ status: 201, body: { userId: 'user-carol', role: 'owner' } });
    expect(await owner(id)).toBe('user-carol');
    expect(await roles(id)).toEqual({ 'user-bob': 'editor', 'user-carol': 'owner' });
    expect((await service.call(`DELETE /projects/${id}`, { as: bob })).status).toBe(403);
    expect(await setRole(id, 'user-bob', 'owner', carol)).toMatchObject({ status: 200 });
    expect(await roles(id)).toEqual({ 'user-bob': 'owner', 'user-carol': 'editor' });
  });

  it('is nobody whom somebody else may replace, and nobody from elsewhere', async () => {
    const id = await projectOfBob('Kept');
    await setRole(id, 'user-carol', 'editor');
    for (const as of [alice, carol]) {
      expect(await setRole(id, as.userId, 'owner', as)).toMatchObject({ status: 403, body: { code: 'ACCESS_DENIED' } });
    }
    expect((await setRole(id, 'user-mallory', 'owner')).status).toBe(400);
    expect((await setRole(id, 'user-mallory', 'owner', mallory)).status).toBe(404);
    expect(await roles(id)).toEqual({ 'user-bob': 'owner', 'user-carol': 'editor' });
  });

  it('is made by an owner or admin of the tenant where the one before has left', async () => {
    const id = await projectOfBob('Left');
    await setRole(id, 'user-carol', 'editor');
    delete tenants['user-bob'];
    expect((await setRole(id, 'user-carol', 'owner', carol)).status).toBe(403);
    expect(await setRole(id, 'user-carol', 'owner', alice)).toMatchObject({ status: 200, body: { role: 'owner' } });
    expect(await owner(id)).toBe('user-carol');
    expect(await roles(id)).toEqual({ 'user-bob': 'editor', 'user-carol': 'owner' });
  });

  it('is one, whoever is handed it at once', async () => {
    const id = await projectOfBob('Rush');
    await setRole(id, 'user-carol', 'editor');
    await Promise.all(['user-carol', 'user-alice'].map((userId) => setRole(id, userId, 'owner')));
    const held = Object.entries(await roles(id)).filter(([, role]) => role === 'owner');
    expect(held).toEqual([[await owner(id), 'owner']]);
  });

  it('is asked for by the version of the member, where one is named', async () => {
    const id = await projectOfBob('Versioned');
    await setRole(id, 'user-carol', 'editor');
    const headers = { 'if-match': '"7"' };
    const body = { role: 'owner' };
    const stale = await service.call(`PUT /projects/${id}/members/user-carol`, { as: bob, headers, body });
    expect(stale).toMatchObject({ status: 412, body: { code: 'RESOURCE_CHANGED' } });
    expect(await owner(id)).toBe('user-bob');
  });
});
