import { AccountServiceService, InstanceServiceService, InstanceStatus, TenantServiceService } from '@libs/grpc';
import { type FakePeer, fakeService, freePort, startFakePeer } from '@libs/testing';

import { anAccount, aTenant } from '../../test/fake-accounts.fixture.js';
import { bob, mallory } from '../../test/people.fixture.js';
import {
  type ProjectServiceUnderTest,
  projectServiceUnderTest,
} from '../../test/project-service-under-test.fixture.js';

/** In whose name each call came. */
const seenAs: Record<string, string> = {};
let tenantService: FakePeer;
let ecsService: FakePeer;
let silentService: FakePeer;

beforeAll(async () => {
  tenantService = await startFakePeer(
    fakeService(AccountServiceService, {
      getAccount: async ({ userId, tenantId }, metadata) => {
        seenAs['getAccount'] = String(metadata.get('x-auth-method'));
        return { user: anAccount(userId), tenant: aTenant(tenantId), roles: [], permissions: [] };
      },
    }),
    fakeService(TenantServiceService, { countMembers: async () => ({ count: 3 }) }),
  );
  ecsService = await startFakePeer(
    fakeService(InstanceServiceService, {
      countInstances: async (_request, metadata) => {
        seenAs['countInstances'] = String(metadata.get('x-user-id'));
        return { total: 2, byStatus: [{ status: InstanceStatus.RUNNING, count: 2 }] };
      },
    }),
  );
  silentService = await startFakePeer(
    fakeService(InstanceServiceService, { countInstances: () => new Promise<never>(() => {}) }),
  );
});
afterAll(() => [tenantService, ecsService, silentService].forEach((peer) => peer.stop()));

describe('GET /dashboard', () => {
  let service: ProjectServiceUnderTest;
  afterEach(() => service.stop());

  it('gathers everything from everywhere', async () => {
    service = await projectServiceUnderTest({
      TENANT_SERVICE_GRPC: tenantService.address,
      ECS_SERVICE_GRPC: ecsService.address,
    });
    for (const number of [1, 2, 3, 4, 5, 6]) {
      await service.call('POST /projects', { as: bob, body: { name: `Project ${number}` } });
    }
    await service.call('POST /projects', { as: mallory, body: { name: 'Elsewhere' } });

    const { status, body } = await service.call('GET /dashboard', { as: bob });
    expect(status).toBe(200);
    expect(body).toEqual({
      user: {
        id: 'user-bob',
        username: 'bob',
        email: 'user-bob@example.com',
        emailVerified: false,
        displayName: '',
        status: 'active',
        createdAt: expect.any(String),
      },
      tenant: { id: 'tenant-acme', name: 'Acme', status: 'active', createdAt: expect.any(String) },
      projects: { total: 6, active: 6, archived: 0 },
      members: { total: 3 },
      instances: { total: 2, byStatus: { running: 2 } },
      recent: [6, 5, 4, 3, 2].map((number) => expect.objectContaining({ name: `Project ${number}` })),
      partial: [],
    });
    expect(seenAs).toEqual({ getAccount: 'service', countInstances: 'user-bob' });
  });

  it('says what is missing while a service is down', async () => {
    service = await projectServiceUnderTest({
      TENANT_SERVICE_GRPC: tenantService.address,
      ECS_SERVICE_GRPC: `127.0.0.1:${await freePort()}`,
    });
    const { status, body } = await service.call('GET /dashboard', { as: bob });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { user: { id: 'user-bob' }, members: { total: 3 }, instances: null, partial: ['instances'] },
    });
  });

  it('does not wait for a service that never answers', async () => {
    service = await projectServiceUnderTest({
      TENANT_SERVICE_GRPC: `127.0.0.1:${await freePort()}`,
      ECS_SERVICE_GRPC: silentService.address,
      DASHBOARD_PART_MS: '200ms',
    });
    const startedAt = performance.now();
    const { status, body } = await service.call('GET /dashboard', { as: bob });
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        user: null,
        tenant: null,
        members: null,
        instances: null,
        projects: { total: 0 },
        recent: [],
        partial: ['instances', 'members', 'tenant', 'user'],
      },
    });
  });
});
