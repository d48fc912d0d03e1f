import { alice, bob, carol, mallory } from '../../test/people.fixture.js';
import {
  type ProjectServiceUnderTest,
  projectServiceUnderTest,
} from '../../test/project-service-under-test.fixture.js';

let service: ProjectServiceUnderTest;

beforeAll(async () => {
  service = await projectServiceUnderTest();
});
afterAll(() => service.stop());

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const nobodys = '01900000-0000-7000-8000-000000000000';

const create = async (as: typeof alice, name: string) =>
  (await service.call('POST /projects', { as, body: { name } })).body;

describe('creating a project', () => {
  it('answers 201 with the whole project, its place and its version', async () => {
    const { status, headers, body } = await service.call('POST /projects', {
      as: bob,
      body: { name: '  Apollo ', description: 'To the moon\nand back' },
    });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(uuid),
      tenantId: 'tenant-acme',
      ownerId: 'user-bob',
      name: 'Apollo',
      description: 'To the moon\nand back',
      status: 'active',
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      updatedAt: body.createdAt,
    });
    expect(headers.get('location')).toBe(`/projects/${body.id}`);
    const read = await service.call(`GET ${headers.get('location')}`, { as: bob });
    expect(read).toMatchObject({ status: 200, body });
    expect(read.headers.get('etag')).toBe(headers.get('etag'));
  });

  it('refuses a name that another living project of the tenant has, in any case of letters', async () => {
    await create(alice, 'Taken');
    const again = await service.call('POST /projects', { as: bob, body: { name: 'TAKEN' } });
    expect(again).toMatchObject({ status: 409, body: { code: 'RESOURCE_NAME_TAKEN', errors: [{ field: 'name' }] } });
    const elsewhere = await service.call('POST /projects', { as: mallory, body: { name: 'Taken' } });
    expect(elsewhere.status).toBe(201);
  });

  it('lets one of twenty win who want the same name at once', async () => {
    const wanted = Array.from({ length: 20 }, () =>
      service.call('POST /projects', { as: bob, body: { name: 'Rush' } }),
    );
    const statuses = (await Promise.all(wanted)).map(({ status }) => status).sort();
    expect(statuses).toEqual([201, ...Array<number>(19).fill(409)]);
  });

  it('creates once what is sent twice with one Idempotency-Key', async () => {
    const request = { as: bob, body: { name: 'Once' }, headers: { 'idempotency-key': 'key-once' } };
    const first = await service.call('POST /projects', request);
    const second = await service.call('POST /projects', request);
    expect(first.status).toBe(201);
    expect(second).toMatchObject({ status: 201, body: first.body });
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect(second.headers.get('etag')).toBe(first.headers.get('etag'));

    const other = await service.call('POST /projects', { ...request, body: { name: 'Other' } });
    expect(other).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
  });

  it.each([
    { what: 'no name', body: {}, field: 'name' },
    { what: 'an empty name', body: { name: '   ' }, field: 'name' },
    { what: 'a name that is no text', body: { name: 7 }, field: 'name' },
    { what: 'a name that is too long', body: { name: 'x'.repeat(101) }, field: 'name' },
    { what: 'a control character in the name', body: { name: 'a\u0000b' }, field: 'name' },
    { what: 'half a character in the name', body: '{"name":"\\ud800"}', field: 'name' },
    {
      what: 'a description that is too long',
      body: { name: 'a', description: 'x'.repeat(2001) },
      field: 'description',
    },
    { what: 'NUL in the description', body: { name: 'a', description: '\u0000' }, field: 'description' },
    { what: 'a description of null', body: { name: 'a', description: null }, field: 'description' },
    { what: 'an unknown status', body: { name: 'a', status: 'gone' }, field: 'status' },
    { what: 'a field that is not known', body: { name: 'a', ownerId: 'user-mallory' }, field: 'ownerId' },
    { what: 'a list in place of an object', body: [], field: '' },
    { what: 'broken JSON', body: '{"name":', field: undefined },
  ])('refuses $what', async ({ body, field }) => {
    const answer = await service.call('POST /projects', { as: bob, body });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body.errors?.[0]?.field).toBe(field);
  });
});

describe('an id', () => {
  it('is the same in upper case', async () => {
    const { id } = await create(bob, 'In any case');
    expect(await service.call(`GET /projects/${id.toUpperCase()}`, { as: bob })).toMatchObject({
      status: 200,
      body: { id },
    });
    const members = `GET /projects/${id.toUpperCase()}/members`;
    expect((await service.call(members, { as: bob })).status).toBe(200);
  });
});

describe('changing a project', () => {
  it.each(['PATCH', 'POST'])('changes with %s only the fields that are named', async (method) => {
    const project = await create(bob, `Change by ${method}`);
    const changed = await service.call(`${method} /projects/${project.id}`, { as: bob, body: { status: 'archived' } });
    expect(changed).toMatchObject({
      status: 200,
      body: { ...project, status: 'archived', updatedAt: expect.any(String) },
    });
    expect(changed.headers.get('etag')).toBe('"2"');
    expect((await service.call(`GET /projects/${project.id}`, { as: bob })).body).toEqual(changed.body);
  });

  it('writes one of twenty changes to the same version and refuses the others', async () => {
    const { id } = await create(bob, 'Contended');
    const changes = Array.from({ length: 20 }, (_, index) =>
      service.call(`PATCH /projects/${id}`, {
        as: bob,
        headers: { 'if-match': '"1"' },
        body: { description: `change ${index}` },
      }),
    );
    const answers = await Promise.all(changes);
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === 'RESOURCE_CHANGED')).toHaveLength(19);
    expect((await service.call(`GET /projects/${id}`, { as: bob })).body.description).toBe(won[0]?.body.description);
  });

  it('writes every one of twenty changes that expect no version', async () => {
    const { id } = await create(bob, 'Last wins');
    const changes = Array.from({ length: 20 }, (_, index) =>
      service.call(`PATCH /projects/${id}`, { as: bob, body: { description: `change ${index}` } }),
    );
    expect((await Promise.all(changes)).every(({ status }) => status === 200)).toBe(true);
    expect((await service.call(`GET /projects/${id}`, { as: bob })).headers.get('etag')).toBe('"21"');
  });

  it('refuses a new name that is taken, and keeps its own in other letters', async () => {
    await create(bob, 'Occupied');
    const { id } = await create(bob, 'Renamed');
    const taken = await service.call(`PATCH /projects/${id}`, { as: bob, body: { name: 'occupied' } });
    expect(taken).toMatchObject({ status: 409, body: { code: 'RESOURCE_NAME_TAKEN', errors: [{ field: 'name' }] } });
    const same = await service.call(`PATCH /projects/${id}`, { as: bob, body: { name: 'RENAMED' } });
    expect(same).toMatchObject({ status: 200, body: { name: 'RENAMED' } });
  });

  it.each([
    { what: 'nothing to change', body: {}, status: 400, code: 'REQUEST_INVALID' },
    { what: 'an unknown field', body: { tenantId: 'tenant-evil' }, status: 400, code: 'REQUEST_INVALID' },
    { what: 'no body', body: undefined, status: 400, code: 'REQUEST_INVALID' },
    { what: 'a bad If-Match', body: { name: 'x' }, ifMatch: 'three', status: 400, code: 'REQUEST_HEADER_INVALID' },
    { what: 'an If-Match that is past', body: { name: 'x' }, ifMatch: '"99"', status: 412, code: 'RESOURCE_CHANGED' },
  ])('refuses $what', async ({ body, ifMatch, status, code }) => {
    const { id } = await create(carol, `Unchanged ${code} ${JSON.stringify(body)}`);
    const headers = ifMatch === undefined ? {} : { 'if-match': ifMatch };
    const answer = await service.call(`PATCH /projects/${id}`, { as: carol, body, headers });
    expect(answer).toMatchObject({ status, body: { code } });
    expect((await service.call(`GET /projects/${id}`, { as: carol })).headers.get('etag')).toBe('"1"');
  });
});

describe('deleting a project', () => {
  it('makes it unknown and frees its name', async () => {
    const { id } = await create(bob, 'Short-lived');
    expect(await service.call(`DELETE /projects/${id}`, { as: bob })).toMatchObject({ status: 204, body: undefined });
    for (const line of [`GET /projects/${id}`, `DELETE /projects/${id}`, `GET /projects/${id}/members`]) {
      expect(await service.call(line, { as: bob })).toMatchObject({
        status: 404,
        body: { code: 'RESOURCE_NOT_FOUND' },
      });
    }
    const late = await service.call(`PATCH /projects/${id}`, { as: bob, body: { name: 'Back' } });
    expect(late.status).toBe(404);
    expect(await create(carol, 'Short-lived')).toMatchObject({ ownerId: 'user-carol' });
  });

  it('spares a project that changed in the meantime', async () => {
    const { id } = await create(bob, 'Spared');
    const answer = await service.call(`DELETE /projects/${id}`, { as: bob, headers: { 'if-match': '"2"' } });
    expect(answer).toMatchObject({ status: 412, body: { code: 'RESOURCE_CHANGED' } });
    expect((await service.call(`GET /projects/${id}`, { as: bob })).status).toBe(200);
  });
});

describe('somebody else’s project', () => {
  it.each([
    { who: 'the owner of another tenant', as: mallory },
    { who: 'another member of the same tenant', as: carol },
  ])('does not exist for $who', async ({ who, as }) => {
    const { id } = await create(bob, `Private to ${who}`);
    const calls = [
      service.call(`GET /projects/${id}`, { as }),
      service.call(`PATCH /projects/${id}`, { as, body: { name: 'stolen' } }),
      service.call(`POST /projects/${id}`, { as, body: { name: 'stolen' } }),
      service.call(`DELETE /projects/${id}`, { as }),
      service.call(`GET /projects/${id}/members`, { as }),
      service.call(`GET /projects/${id}/members/user-bob`, { as }),
      service.call(`PUT /projects/${id}/members/${as.userId}`, { as, body: { role: 'editor' } }),
      service.call(`DELETE /projects/${id}/members/${as.userId}`, { as }),
    ];
    const unknown = await service.call(`GET /projects/${nobodys}`, { as });
    for (const answer of await Promise.all(calls)) {
      expect(answer).toMatchObject({ status: 404, body: { code: 'RESOURCE_NOT_FOUND' } });
      expect({ ...answer.body, instance: '', requestId: '' }).toEqual({ ...unknown.body, instance: '', requestId: '' });
    }
    const seen = await service.call('GET /projects?pageSize=100', { as });
    expect(seen.body.items.map((project: { id: string }) => project.id)).not.toContain(id);
    expect((await service.call(`GET /projects/${id}`, { as: bob })).body.name).toBe(`Private to ${who}`);
  });

  it('is open to the owner of its tenant', async () => {
    const { id } = await create(bob, 'Seen by Alice');
    expect((await service.call(`GET /projects/${id}`, { as: alice })).status).toBe(200);
    const changed = await service.call(`PATCH /projects/${id}`, { as: alice, body: { description: 'seen' } });
    expect(changed.status).toBe(200);
  });
});

describe('a call around the gateway', () => {
  it('is refused without a seal', async () => {
    const response = await fetch(`${service.http}/projects`, {
      headers: { 'x-user-id': 'user-alice', 'x-active': 'true' },
    });
    expect(response.status).toBe(401);
  });

  it.each([
    { who: 'a disabled user', as: { ...bob, active: false } },
    { who: 'a user without a tenant', as: { ...bob, tenantId: '' } },
  ])('is refused to $who', async ({ as }) => {
    expect((await service.call('GET /projects', { as })).status).toBe(403);
  });
});

describe('an archived project', () => {
  const refused = { status: 409, body: { code: 'RESOURCE_ARCHIVED' } };
  const archivedProject = async (name: string): Promise<string> => {
    const { id } = await create(bob, name);
    const body = { status: 'archived', description: 'done' };
    expect((await service.call(`PATCH /projects/${id}`, { as: bob, body })).status).toBe(200);
    return id;
  };

  it('is read and listed, and stays what it is', async () => {
    const id = await archivedProject('Resting');
    for (const body of [{ name: 'Moved' }, { description: 'x' }, { status: 'archived', name: 'Moved' }]) {
      expect(await service.call(`PATCH /projects/${id}`, { as: bob, body })).toMatchObject(refused);
      expect(await service.call(`POST /projects/${id}`, { as: alice, body })).toMatchObject(refused);
    }
    const kept = { id, name: 'Resting', description: 'done', status: 'archived' };
    expect(await service.call(`GET /projects/${id}`, { as: bob })).toMatchObject({ status: 200, body: kept });
    const again = await service.call(`PATCH /projects/${id}`, { as: bob, body: { status: 'archived' } });
    expect(again).toMatchObject({ status: 200, body: kept });
    const { body } = await service.call('GET /projects', { as: bob });
    expect(body.items).toContainEqual(expect.objectContaining(kept));
  });

  it('is no word more to who may not read it', async () => {
    const id = await archivedProject('Hidden');
    expect((await service.call(`PATCH /projects/${id}`, { as: carol, body: { name: 'x' } })).status).toBe(404);
  });

  it('is made active again, and changed in the same breath', async () => {
    const id = await archivedProject('Waking');
    const body = { status: 'active', name: 'Awake' };
    expect(await service.call(`PATCH /projects/${id}`, { as: bob, body })).toMatchObject({ status: 200, body });
    expect((await service.call(`PATCH /projects/${id}`, { as: bob, body: { description: 'x' } })).status).toBe(200);
  });

  it('takes no new members and no other roles', async () => {
    const { id } = await create(bob, 'Closing');
    const place = `/projects/${id}/members/user-bob`;
    await service.call(`PATCH /projects/${id}`, { as: bob, body: { status: 'archived' } });
    for (const role of ['viewer', 'editor', 'owner']) {
      expect(await service.call(`PUT ${place}`, { as: alice, body: { role } })).toMatchObject(refused);
    }
  });

  it('is deleted', async () => {
    const id = await archivedProject('Over');
    expect((await service.call(`DELETE /projects/${id}`, { as: bob })).status).toBe(204);
    expect((await service.call(`GET /projects/${id}`, { as: bob })).status).toBe(404);
  });
});
