import { ProjectServiceService, ProjectStatus } from '@libs/grpc';
import { anonymous } from '@libs/trusted-headers';

import { alice, bob, carol, mallory } from '../../test/people.fixture.js';
import {
  type ProjectServiceUnderTest,
  projectServiceUnderTest,
} from '../../test/project-service-under-test.fixture.js';
import { sealedClient } from '../../test/sealed-client.fixture.js';

let service: ProjectServiceUnderTest;
let id: string;

const clientOf = () => sealedClient('project-service', ProjectServiceService, service);
let client: ReturnType<typeof clientOf>;

beforeAll(async () => {
  service = await projectServiceUnderTest();
  client = clientOf();
  id = (await service.call('POST /projects', { as: bob, body: { name: 'Apollo' } })).body.id;
});
afterAll(async () => {
  client.close();
  await service.stop();
});

const nothing = { canRead: false, canWrite: false };

describe('ProjectService.CheckAccess', () => {
  it.each([
    { who: 'its owner', identity: bob, access: { canRead: true, canWrite: true } },
    { who: 'the owner of the tenant', identity: alice, access: { canRead: true, canWrite: true } },
    { who: 'another member of the tenant', identity: carol, access: nothing },
    { who: 'another tenant', identity: mallory, access: nothing },
  ])('answers for $who', async ({ identity, access }) => {
    expect(await client.as(identity, ({ checkAccess }) => checkAccess({ projectId: id }))).toEqual(access);
  });

  it.each(['', 'nonsense', '01900000-0000-7000-8000-000000000000', 'x'.repeat(10_000), "' OR 1=1 --"])(
    'allows nothing in a project that does not exist: %.40p',
    async (projectId) => {
      expect(await client.as(bob, ({ checkAccess }) => checkAccess({ projectId }))).toEqual(nothing);
    },
  );

  it('refuses whoever is nobody', async () => {
    const call = client.as(anonymous, ({ checkAccess }) => checkAccess({ projectId: id }));
    await expect(call).rejects.toMatchObject({ code: 'AUTH_CREDENTIALS_MISSING' });
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
