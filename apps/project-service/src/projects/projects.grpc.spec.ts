import { AccountServiceService, ProjectServiceService, ProjectStatus } from '@libs/grpc';
import { type FakePeer, fakeService, sealedClient, startFakePeer } from '@libs/testing';
import { anonymous } from '@libs/trusted-headers';

import { anAccount, aTenant } from '../../test/fake-accounts.fixture.js';
import { alice, bob, carol, mallory } from '../../test/people.fixture.js';
import {
  type ProjectServiceUnderTest,
  projectServiceUnderTest,
} from '../../test/project-service-under-test.fixture.js';

let tenantService: FakePeer;
let service: ProjectServiceUnderTest;
let id: string;

const clientOf = () => sealedClient('project-service', ProjectServiceService, service);
let client: ReturnType<typeof clientOf>;

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
  );
  service = await projectServiceUnderTest({ TENANT_SERVICE_GRPC: tenantService.address });
  client = clientOf();
  id = (await service.call('POST /projects', { as: bob, body: { name: 'Apollo' } })).body.id;
});
afterAll(async () => {
  client.close();
  await service.stop();
  tenantService.stop();
});

const nothing = { canRead: false, canWrite: false };

describe('ProjectService.CheckAccess', () => {
  it.each([
    { who: 'its owner', identity: bob, access: { canRead: true, canWrite: true, isArchived: false } },
    { who: 'the owner of the tenant', identity: alice, access: { canRead: true, canWrite: true, isArchived: false } },
    { who: 'another member of the tenant', identity: carol, access: { ...nothing, isArchived: false } },
    { who: 'another tenant', identity: mallory, access: { ...nothing, isArchived: false } },
  ])('answers for $who', async ({ identity, access }) => {
    expect(await client.as(identity, ({ checkAccess }) => checkAccess({ projectId: id }))).toEqual(access);
  });

  it.each(['', 'nonsense', '01900000-0000-7000-8000-000000000000', 'x'.repeat(10_000), "' OR 1=1 --"])(
    'allows nothing in a project that does not exist: %.40p',
    async (projectId) => {
      expect(await client.as(bob, ({ checkAccess }) => checkAccess({ projectId }))).toEqual({
        ...nothing,
        isArchived: false,
      });
    },
  );

  it('tells that a project is archived to who may read it, and to nobody else', async () => {
    const { body } = await service.call('POST /projects', { as: bob, body: { name: 'Old', status: 'archived' } });
    const ask = (identity: typeof bob) => client.as(identity, ({ checkAccess }) => checkAccess({ projectId: body.id }));
    expect(await ask(bob)).toEqual({ canRead: true, canWrite: true, isArchived: true });
    for (const identity of [carol, mallory]) expect(await ask(identity)).toEqual({ ...nothing, isArchived: false });
  });

  it('refuses whoever is nobody', async () => {
    const call = client.as(anonymous, ({ checkAccess }) => checkAccess({ projectId: id }));
    await expect(call).rejects.toMatchObject({ code: 'AUTH_CREDENTIALS_MISSING' });
  });
});

describe('ProjectService.BatchCheckAccess', () => {
  const unknown = '01900000-0000-7000-8000-000000000000';

  it.each([
    { who: 'its owner', identity: bob, access: { canRead: true, canWrite: true } },
    { who: 'the owner of the tenant', identity: alice, access: { canRead: true, canWrite: true } },
    { who: 'another member of the tenant', identity: carol, access: nothing },
    { who: 'another tenant', identity: mallory, access: nothing },
  ])('answers for $who, each id in its place', async ({ identity, access }) => {
    const projectIds = [unknown, id, "' OR 1=1 --", id];
    expect(await client.as(identity, ({ batchCheckAccess }) => batchCheckAccess({ projectIds }))).toEqual({
      accesses: [
        { projectId: unknown, ...nothing },
        { projectId: id, ...access },
        { projectId: "' OR 1=1 --", ...nothing },
        { projectId: id, ...access },
      ],
    });
  });

  it('tells a reader from a writer', async () => {
    await service.call(`PUT /projects/${id}/members/${carol.userId}`, { as: alice, body: { role: 'viewer' } });
    const answer = client.as(carol, ({ batchCheckAccess }) => batchCheckAccess({ projectIds: [id] }));
    expect(await answer).toEqual({ accesses: [{ projectId: id, canRead: true, canWrite: false }] });
    await service.call(`DELETE /projects/${id}/members/${carol.userId}`, { as: alice });
  });

  it.each([
    { count: 0, sent: [] },
    { count: 500, sent: Array.from({ length: 500 }, () => unknown) },
  ])('answers for $count projects', async ({ sent, count }) => {
    const answer = await client.as(bob, ({ batchCheckAccess }) => batchCheckAccess({ projectIds: sent }));
    expect((answer as { accesses: unknown[] }).accesses).toHaveLength(count);
  });

  it('refuses more than 500', async () => {
    const projectIds = Array.from({ length: 501 }, () => unknown);
    const call = client.as(bob, ({ batchCheckAccess }) => batchCheckAccess({ projectIds }));
    await expect(call).rejects.toMatchObject({ code: 'REQUEST_INVALID', errors: [{ field: 'projectIds' }] });
  });
});

describe('ProjectService.GetProject', () => {
  it('answers with the project', async () => {
    expect(await client.as(bob, ({ getProject }) => getProject({ id }))).toMatchObject({
      project: {
        id,
        tenantId: 'tenant-acme',
        ownerId: 'user-bob',
        name: 'Apollo',
        status: ProjectStatus.ACTIVE,
        etag: '"1"',
      },
    });
  });

  it.each([
    { who: 'another tenant', identity: mallory },
    { who: 'another member of the tenant', identity: carol },
  ])('knows nothing of it for $who', async ({ identity }) => {
    const call = client.as(identity, ({ getProject }) => getProject({ id }));
    await expect(call).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
  });
});
