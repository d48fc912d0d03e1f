import { InstanceServiceService, InstanceStatus } from '@libs/grpc';
import { type FakePeer, sealedClient } from '@libs/testing';

import { type EcsServiceUnderTest, ecsServiceUnderTest } from '../../test/ecs-service-under-test.fixture.js';
import { startFakeProjectService } from '../../test/fake-project-service.fixture.js';
import { HandDriver } from '../../test/hand-driver.fixture.js';
import { bob, carol, mallory, projectOfBob, projectOfBoth } from '../../test/people.fixture.js';

let projectService: FakePeer;
let service: EcsServiceUnderTest;
let id: string;

const clientOf = () => sealedClient('ecs-service', InstanceServiceService, service);
let client: ReturnType<typeof clientOf>;

beforeAll(async () => {
  projectService = await startFakeProjectService();
  service = await ecsServiceUnderTest({ projectService: projectService.address, driver: new HandDriver() });
  client = clientOf();
  for (const projectId of [projectOfBoth, projectOfBob]) {
    id = (await service.call('POST /ecs/instances', { as: bob, body: { projectId, name: 'web' } })).body.id;
  }
});
afterAll(async () => {
  client.close();
  await service.stop();
  projectService.stop();
});

describe('InstanceService', () => {
  it('answers with an instance', async () => {
    expect(await client.as(bob, ({ getInstance }) => getInstance({ id }))).toMatchObject({
      instance: {
        id,
        projectId: projectOfBob,
        tenantId: 'tenant-acme',
        status: InstanceStatus.PROVISIONING,
        etag: '"1"',
      },
    });
  });

  it.each([mallory, carol])('knows nothing of it for $userId', async (identity) => {
    const call = client.as(identity, ({ getInstance }) => getInstance({ id }));
    await expect(call).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
  });

  it('counts the instances of the caller’s tenant', async () => {
    expect(await client.as(bob, ({ countInstances }) => countInstances({}))).toEqual({
      total: 2,
      byStatus: [{ status: InstanceStatus.PROVISIONING, count: 2 }],
    });
    expect(await client.as(mallory, ({ countInstances }) => countInstances({}))).toEqual({ total: 0, byStatus: [] });
  });
});
