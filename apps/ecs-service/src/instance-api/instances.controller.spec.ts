import { type FakePeer, freePort, until } from '@libs/testing';

import { type EcsServiceUnderTest, ecsServiceUnderTest } from '../../test/ecs-service-under-test.fixture.js';
import { archived, startFakeProjectService } from '../../test/fake-project-service.fixture.js';
import { HandDriver } from '../../test/hand-driver.fixture.js';
import { bob, carol, mallory, projectOfBob, projectOfBoth, projectOfMallory } from '../../test/people.fixture.js';

let projectService: FakePeer;
let driver: HandDriver;
let service: EcsServiceUnderTest;

beforeEach(async () => {
  projectService = await startFakeProjectService();
  driver = new HandDriver();
  service = await ecsServiceUnderTest({ projectService: projectService.address, driver });
});
afterEach(async () => {
  archived.clear();
  await service.stop();
  projectService.stop();
});

const create = async (as: typeof bob, projectId: string, name = 'web'): Promise<string> =>
  (await service.call('POST /ecs/instances', { as, body: { projectId, name } })).body.id;
const read = (id: string, as = bob) => service.call(`GET /ecs/instances/${id}`, { as });
const statusOf = (id: string, status: string) =>
  until(
    () => read(id),
    ({ body }) => body.status === status,
  );

describe('in an archived project', () => {
  it('no instance is made or started; those that are there are read, stopped and deleted', async () => {
    const id = await create(bob, projectOfBob);
    driver.finish('provisioning');
    await statusOf(id, 'running');
    archived.add(projectOfBob);
    const refused = { status: 409, body: { code: 'RESOURCE_ARCHIVED' } };
    const body = { projectId: projectOfBob, name: 'late' };
    expect(await service.call('POST /ecs/instances', { as: bob, body })).toMatchObject(refused);
    expect((await read(id)).status).toBe(200);
    expect((await service.call(`POST /ecs/instances/${id}:stop`, { as: bob })).status).toBeLessThan(300);
    driver.finish('stopping');
    await statusOf(id, 'stopped');
    expect(await service.call(`POST /ecs/instances/${id}:start`, { as: bob })).toMatchObject(refused);
    expect((await read(id)).body.status).toBe('stopped');
    expect((await service.call(`DELETE /ecs/instances/${id}`, { as: bob })).status).toBe(204);
    expect((await service.call('POST /ecs/instances', { as: mallory, body })).status).toBe(404);
  });
});

describe('an id', () => {
  it('is the same in upper case: in a path, a body and a filter', async () => {
    const id = await create(bob, projectOfBob.toUpperCase());
    expect((await read(id.toUpperCase())).body).toMatchObject({ id, projectId: projectOfBob });
    const filter = encodeURIComponent(`projectId = "${projectOfBob.toUpperCase()}"`);
    expect((await service.call(`GET /ecs/instances?filter=${filter}`, { as: bob })).body.items).toMatchObject([{ id }]);
  });
});

describe('creating an instance', () => {
  it('answers 201 with an instance that is being provisioned', async () => {
    const { status, headers, body } = await service.call('POST /ecs/instances', {
      as: bob,
      body: { projectId: projectOfBob, name: ' web 1 ' },
    });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.any(String),
      tenantId: 'tenant-acme',
      projectId: projectOfBob,
      creatorId: 'user-bob',
      name: 'web 1',
      flavor: 'small',
      image: 'debian-13',
      status: 'provisioning',
      statusReason: '',
      createdAt: expect.stringMatching(/Z$/),
      updatedAt: body.createdAt,
    });
    expect(headers.get('location')).toBe(`/ecs/instances/${body.id}`);
    expect(headers.get('etag')).toBe('"1"');
    expect((await service.call(`GET ${headers.get('location')}`, { as: bob })).body).toEqual(body);
  });

  it('creates once what is sent twice with one Idempotency-Key', async () => {
    const request = {
      as: bob,
      body: { projectId: projectOfBob, name: 'once' },
      headers: { 'idempotency-key': 'key-1' },
    };
    const first = await service.call('POST /ecs/instances', request);
    const second = await service.call('POST /ecs/instances', request);
    expect(second).toMatchObject({ status: 201, body: first.body });
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect((await service.call('GET /ecs/instances', { as: bob })).body.items).toHaveLength(1);
    driver.finish('provisioning');
    await statusOf(first.body.id, 'running');
  });

  it.each([
    { what: 'a project that does not exist', as: bob, projectId: '01900000-0000-7000-8000-000000000000', status: 404 },
    { what: 'a project of somebody else', as: mallory, projectId: projectOfBob, status: 404 },
    { what: 'a project that may only be read', as: carol, projectId: projectOfBoth, status: 403 },
  ])('refuses $what', async ({ as, projectId, status }) => {
    expect((await service.call('POST /ecs/instances', { as, body: { projectId, name: 'web' } })).status).toBe(status);
    expect((await service.call('GET /ecs/instances', { as: bob })).body.items).toEqual([]);
  });

  it.each([
    { what: 'no project', body: { name: 'web' }, field: 'projectId' },
    { what: 'a project id that is none', body: { projectId: 'apollo', name: 'web' }, field: 'projectId' },
    { what: 'no name', body: { projectId: projectOfBob }, field: 'name' },
    { what: 'a name that is too long', body: { projectId: projectOfBob, name: 'x'.repeat(101) }, field: 'name' },
    { what: 'a name with a line end', body: { projectId: projectOfBob, name: 'a\nb' }, field: 'name' },
    { what: 'a bad flavor', body: { projectId: projectOfBob, name: 'web', flavor: '' }, field: 'flavor' },
    { what: 'a bad image', body: { projectId: projectOfBob, name: 'web', image: '$(reboot)' }, field: 'image' },
    { what: 'a status', body: { projectId: projectOfBob, name: 'web', status: 'running' }, field: 'status' },
    { what: 'broken JSON', body: '{', field: undefined },
  ])('refuses $what', async ({ body, field }) => {
    const answer = await service.call('POST /ecs/instances', { as: bob, body });
    expect(answer.status).toBe(400);
    expect(answer.body.errors?.[0]?.field).toBe(field);
  });
});

describe('the life of an instance', () => {
  it('goes from provisioning to running, stopped, running again and gone', async () => {
    driver.finish('provisioning');
    const id = await create(bob, projectOfBob);
    await statusOf(id, 'running');

    expect(await service.call(`POST /ecs/instances/${id}:stop`, { as: bob })).toMatchObject({
      status: 200,
      body: { id, status: 'stopping' },
    });
    driver.finish('stopping');
    await statusOf(id, 'stopped');

    expect(await service.call(`POST /ecs/instances/${id}:start`, { as: bob })).toMatchObject({
      status: 200,
      body: { id, status: 'starting' },
    });
    driver.finish('starting');
    await statusOf(id, 'running');

    expect(await service.call(`DELETE /ecs/instances/${id}`, { as: bob })).toMatchObject({
      status: 204,
      body: undefined,
    });
    expect((await read(id)).body).toMatchObject({ status: 'deleting' });
    driver.finish('deleting');
    expect(
      (
        await until(
          () => read(id),
          ({ status }) => status !== 200,
        )
      ).status,
    ).toBe(404);
    expect((await service.call('GET /ecs/instances', { as: bob })).body.items).toEqual([]);
  });

  it('ends with the answer to DELETE if the driver needs no time for it', async () => {
    driver.finish('deleting');
    const id = await create(bob, projectOfBob);
    expect((await service.call(`DELETE /ecs/instances/${id}`, { as: bob })).status).toBe(204);
    expect((await read(id)).status).toBe(404);
  });

  it.each(['start', 'stop'])('refuses to %s what is being provisioned', async (command) => {
    const id = await create(bob, projectOfBob);
    const answer = await service.call(`POST /ecs/instances/${id}:${command}`, { as: bob });
    expect(answer).toMatchObject({ status: 409, body: { code: 'RESOURCE_CONFLICT' } });
    expect((await read(id)).body.status).toBe('provisioning');
  });

  it('follows one of twenty who want it to stop at once', async () => {
    driver.finish('provisioning');
    const id = await create(bob, projectOfBob);
    await statusOf(id, 'running');
    const stops = Array.from({ length: 20 }, () => service.call(`POST /ecs/instances/${id}:stop`, { as: bob }));
    const statuses = (await Promise.all(stops)).map(({ status }) => status).sort();
    expect(statuses).toEqual([200, ...Array<number>(19).fill(409)]);
  });

  it('is not changed by whoever saw an older state', async () => {
    driver.finish('provisioning');
    const id = await create(bob, projectOfBob);
    await statusOf(id, 'running');
    for (const line of [`POST /ecs/instances/${id}:stop`, `DELETE /ecs/instances/${id}`]) {
      const answer = await service.call(line, { as: bob, headers: { 'if-match': '"1"' } });
      expect(answer).toMatchObject({ status: 412, body: { code: 'RESOURCE_CHANGED' } });
    }
    const fresh = (await read(id)).headers.get('etag') ?? '';
    expect(
      (await service.call(`POST /ecs/instances/${id}:stop`, { as: bob, headers: { 'if-match': fresh } })).status,
    ).toBe(200);
  });

  it('knows no other commands', async () => {
    const id = await create(bob, projectOfBob);
    for (const line of [
      `POST /ecs/instances/${id}:reboot`,
      `POST /ecs/instances/${id}:start:stop`,
      `GET /ecs/instances/${id}:reboot`,
    ]) {
      expect(await service.call(line, { as: bob })).toMatchObject({ status: 404, body: { code: 'ROUTE_NOT_FOUND' } });
    }
  });

  it.each([
    { line: (id: string) => `POST /ecs/instances/${id}`, allow: 'DELETE, GET, HEAD' },
    { line: (id: string) => `GET /ecs/instances/${id}:start`, allow: 'POST' },
  ])('takes each command by its own method only: $allow', async ({ line, allow }) => {
    const answer = await service.call(line(await create(bob, projectOfBob)), { as: bob });
    expect(answer).toMatchObject({ status: 405, body: { code: 'ROUTE_METHOD_NOT_ALLOWED' } });
    expect(answer.headers.get('allow')).toBe(allow);
  });
});

describe('somebody else’s instance', () => {
  it('does not exist for another tenant, nor for whoever may not read the project', async () => {
    const id = await create(bob, projectOfBob);
    for (const as of [mallory, carol]) {
      for (const line of [
        `GET /ecs/instances/${id}`,
        `DELETE /ecs/instances/${id}`,
        `POST /ecs/instances/${id}:start`,
        `POST /ecs/instances/${id}:stop`,
        `GET /ecs/instances?projectId=${projectOfBob}`,
      ]) {
        expect(await service.call(line, { as })).toMatchObject({ status: 404, body: { code: 'RESOURCE_NOT_FOUND' } });
      }
      expect((await service.call('GET /ecs/instances', { as })).body.items).toEqual([]);
    }
  });

  it('may be read, but not changed, where the project may', async () => {
    const id = await create(bob, projectOfBoth);
    expect((await read(id, carol)).status).toBe(200);
    for (const line of [`DELETE /ecs/instances/${id}`, `POST /ecs/instances/${id}:stop`]) {
      expect(await service.call(line, { as: carol })).toMatchObject({ status: 403, body: { code: 'ACCESS_DENIED' } });
    }
  });
});

describe('listing instances', () => {
  it('shows those of all projects that may be read, or of one', async () => {
    await create(bob, projectOfBob, 'private');
    await create(bob, projectOfBoth, 'shared');
    await create(mallory, projectOfMallory, 'foreign');
    const names = async (as: typeof bob, query = '') =>
      (await service.call(`GET /ecs/instances${query}`, { as })).body.items.map(({ name }: { name: string }) => name);
    expect(await names(bob)).toEqual(['shared', 'private']);
    expect(await names(carol)).toEqual(['shared']);
    expect(await names(mallory)).toEqual(['foreign']);
    expect(await names(bob, `?projectId=${projectOfBob}`)).toEqual(['private']);
    const filter = new URLSearchParams({ filter: `projectId = "${projectOfBoth}" AND status = "provisioning"` });
    expect(await names(bob, `?${filter.toString()}`)).toEqual(['shared']);
    expect(await names(bob, '?orderBy=name&pageSize=1')).toEqual(['private']);
  });

  it.each([
    { query: 'projectId=apollo', field: 'projectId' },
    { query: 'pageToken=bm8', field: 'pageToken' },
    { query: 'pageSize=1000', field: 'pageSize' },
    { query: 'orderBy=driveAt', field: 'orderBy' },
    { query: 'filter=tenantId%20%3D%20%22tenant-acme%22', field: 'filter' },
    { query: 'status=running', field: 'status' },
  ])('refuses $query', async ({ query, field }) => {
    const answer = await service.call(`GET /ecs/instances?${query}`, { as: bob });
    expect(answer).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID', errors: [{ field }] } });
  });
});

describe('without project-service', () => {
  it('nothing is read, made or changed', async () => {
    const id = await create(bob, projectOfBob);
    projectService.stop();
    const lines = [
      'GET /ecs/instances',
      `GET /ecs/instances/${id}`,
      `DELETE /ecs/instances/${id}`,
      `POST /ecs/instances/${id}:stop`,
    ];
    for (const line of lines) {
      expect(await service.call(line, { as: bob })).toMatchObject({
        status: 503,
        body: { code: 'SERVICE_UNAVAILABLE' },
      });
    }
    const body = { projectId: projectOfBob, name: 'web' };
    expect((await service.call('POST /ecs/instances', { as: bob, body })).status).toBe(503);
  });

  it('stays so when it was never there', async () => {
    await service.stop();
    service = await ecsServiceUnderTest({ projectService: `127.0.0.1:${await freePort()}`, driver });
    const body = { projectId: projectOfBob, name: 'web' };
    expect(await service.call('POST /ecs/instances', { as: bob, body })).toMatchObject({ status: 503 });
  });
});
