import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type FakePeer, until } from '@libs/testing';

import { type EcsServiceUnderTest, ecsServiceUnderTest } from '../../test/ecs-service-under-test.fixture.js';
import { startFakeProjectService } from '../../test/fake-project-service.fixture.js';
import { HandDriver } from '../../test/hand-driver.fixture.js';
import { bob, projectOfBob } from '../../test/people.fixture.js';

let dataDir: string;
let projectService: FakePeer;
let service: EcsServiceUnderTest;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'ecs-restart-'));
  projectService = await startFakeProjectService();
});
afterEach(async () => {
  await service.stop();
  projectService.stop();
  await rm(dataDir, { recursive: true });
});

describe('ecs-service after a restart', () => {
  it('goes on with the moves that were under way', async () => {
    service = await ecsServiceUnderTest({ projectService: projectService.address, dataDir, driver: new HandDriver() });
    const body = { projectId: projectOfBob, name: 'web' };
    const { id } = (await service.call('POST /ecs/instances', { as: bob, body })).body;
    await service.stop();

    const driver = new HandDriver();
    driver.finish('provisioning');
    service = await ecsServiceUnderTest({ projectService: projectService.address, dataDir, driver });
    const read = () => service.call(`GET /ecs/instances/${id}`, { as: bob });
    expect((await until(read, (answer) => answer.body.status !== 'provisioning')).body.status).toBe('running');
    expect(driver.asked).toContain(`${id} provisioning`);
  });

  it('stops well within its time while moves are under way', async () => {
    service = await ecsServiceUnderTest({ projectService: projectService.address, dataDir, driver: new HandDriver() });
    const body = { projectId: projectOfBob, name: 'web' };
    await Promise.all(Array.from({ length: 20 }, () => service.call('POST /ecs/instances', { as: bob, body })));
    const startedAt = performance.now();
    await service.stop();
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });
});
