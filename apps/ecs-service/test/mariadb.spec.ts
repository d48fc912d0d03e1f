import { describeWith, type FakePeer, startMariaDb, type TestServer, until } from '@libs/testing';

import { InstanceDriver, type Move, type MoveProgress } from '../src/driver/instance-driver.js';
import { type EcsServiceUnderTest, ecsServiceUnderTest } from './ecs-service-under-test.fixture.js';
import { startFakeProjectService } from './fake-project-service.fixture.js';
import { bob, projectOfBob } from './people.fixture.js';

class CountingDriver extends InstanceDriver {
  readonly asked: string[] = [];

  override async advance({ instanceId, status }: Move): Promise<MoveProgress> {
    this.asked.push(`${instanceId} ${status}`);
    return { done: true };
  }
}

describeWith(['mariadbd', 'mariadb-install-db'], 'two processes of ecs-service on one MariaDB', () => {
  const driver = new CountingDriver();
  let server: TestServer;
  let projectService: FakePeer;
  let processes: [EcsServiceUnderTest, EcsServiceUnderTest];

  beforeAll(async () => {
    server = await startMariaDb();
    projectService = await startFakeProjectService();
    const options = { projectService: projectService.address, driver, databaseUrl: server.url };
    processes = await Promise.all([ecsServiceUnderTest(options), ecsServiceUnderTest(options)]);
  }, 60_000);
  afterAll(async () => {
    await Promise.all(processes.map((service) => service.stop()));
    projectService.stop();
    await server.stop();
  });

  it('drive each move once', async () => {
    const body = { projectId: projectOfBob, name: 'web' };
    const creations = Array.from({ length: 40 }, (_, index) =>
      processes[index % 2 === 0 ? 0 : 1].call('POST /ecs/instances', { as: bob, body }),
    );
    const created = await Promise.all(creations);
    expect(created.map(({ status }) => status)).toEqual(Array<number>(40).fill(201));
    const ids = created.map((answer) => String(answer.body.id));
    const list = () => processes[0].call('GET /ecs/instances?pageSize=100', { as: bob });
    const isRunning = ({ status }: { status: string }) => status === 'running';
    const listed = await until(list, (answer) => answer.body.items.every(isRunning));
    expect(listed.body.items).toHaveLength(40);
    expect(driver.asked.toSorted()).toEqual(ids.map((id) => `${id} provisioning`).toSorted());
  });

  it('follow one of many commands', async () => {
    const { id } = (
      await processes[0].call('POST /ecs/instances', { as: bob, body: { projectId: projectOfBob, name: 'one' } })
    ).body;
    await until(
      () => processes[1].call(`GET /ecs/instances/${id}`, { as: bob }),
      ({ body }) => body.status === 'running',
    );
    const before = driver.asked.length;
    const stops = Array.from({ length: 10 }, (_, index) =>
      processes[index % 2 === 0 ? 0 : 1].call(`POST /ecs/instances/${id}:stop`, { as: bob }),
    );
    const statuses = (await Promise.all(stops)).map(({ status }) => status).toSorted();
    expect(statuses).toEqual([200, ...Array<number>(9).fill(409)]);
    await until(
      () => processes[1].call(`GET /ecs/instances/${id}`, { as: bob }),
      ({ body }) => body.status === 'stopped',
    );
    expect(driver.asked.slice(before)).toEqual([`${id} stopping`]);
  });
});
