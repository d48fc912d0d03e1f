import { operator, type TenantServiceForTest, tenantServiceForTest } from '../../test/tenant-service.fixture.js';

let service: TenantServiceForTest;

beforeAll(async () => {
  service = await tenantServiceForTest();
});
afterAll(() => service.stop());

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const nobodys = '01900000-0000-7000-8000-000000000000';

const named = (username: string) => ({ username, email: `${username}@example.com` });

const create = (body: unknown, headers = {}) => service.call('POST /internal/users', { as: operator, body, headers });

describe('creating a user', () => {
  it('answers 201 with the whole user, its place and its version', async () => {
    const { status, headers, body } = await create({ ...named('Grace'), platformRoles: ['support', 'support'] });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(uuid),
      username: 'Grace',
      email: 'Grace@example.com',
      emailVerified: false,
      displayName: 'Grace',
      status: 'active',
      platformRoles: ['support'],
      defaultTenantId: null,
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      updatedAt: body.createdAt,
    });
    const read = await service.call(`GET ${headers.get('location')}`, { as: operator });
    expect(read).toMatchObject({ status: 200, body });
    expect(read.headers.get('etag')).toBe('"1"');
  });

  it.each([
    { when: 'the user name', body: { username: 'LINUS', email: 'other@example.com' }, fields: ['username'] },
    { when: 'the e-mail address', body: { username: 'other', email: 'Linus@Example.com' }, fields: ['email'] },
    { when: 'both', body: named('linus'), fields: ['username', 'email'] },
  ])('refuses $when that somebody has, in any case of letters', async ({ body, fields }) => {
    await create(named('linus'));
    const refused = await create(body);
    expect(refused).toMatchObject({ status: 409, body: { code: 'RESOURCE_NAME_TAKEN' } });
    expect(refused.body.errors.map(({ field }: { field: string }) => field)).toEqual(fields);
  });

  it('lets one of twenty win who want the same user name at once', async () => {
    const wanted = Array.from({ length: 20 }, (_, n) => create({ username: 'rush', email: `rush${n}@example.com` }));
    const answers = await Promise.all(wanted);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(19).fill(409)]);
    const list = await service.call(`GET /internal/users?filter=${encodeURIComponent('username = "rush"')}`, {
      as: operator,
    });
    expect(list.body.items).toHaveLength(1);
  });

  it('creates once what is sent twice with one Idempotency-Key', async () => {
    const first = await create(named('once'), { 'idempotency-key': 'once' });
    const second = await create(named('once'), { 'idempotency-key': 'once' });
    expect(second).toMatchObject({ status: 201, body: first.body });
  });

  it.each([
    { field: 'username', body: { email: 'x@example.com' } },
    { field: 'username', body: { username: 'a@b', email: 'x@example.com' } },
    { field: 'username', body: { username: 'Ärger', email: 'x@example.com' } },
    { field: 'username', body: { username: 'x'.repeat(65), email: 'x@example.com' } },
    { field: 'username', body: { username: 7, email: 'x@example.com' } },
    { field: 'email', body: { username: 'xx', email: 'nobody' } },
    { field: 'email', body: { username: 'xx', email: `${'x'.repeat(250)}@example.com` } },
    { field: 'displayName', body: { ...named('xx'), displayName: 'two\nlines' } },
    { field: 'displayName', body: { ...named('xx'), displayName: '   ' } },
    { field: 'platformRoles.0', body: { ...named('xx'), platformRoles: ['owner'] } },
    { field: 'platformRoles.0', body: { ...named('xx'), platformRoles: ['service'] } },
    { field: 'platformRoles.0', body: { ...named('xx'), platformRoles: ['Not A Role'] } },
    { field: 'admin', body: { ...named('xx'), admin: true } },
  ])('refuses $body with a word about $field', async ({ field, body }) => {
    expect(await create(body)).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID', errors: [{ field }] } });
  });

  it.each(['', '[]', '"text"', '{"username":', '{"__proto__":{}}', '['.repeat(100_000)])(
    'refuses %.20s, which is no user at all',
    async (body) => {
      const { status } = await service.call('POST /internal/users', { as: operator, body });
      expect(status).toBe(400);
    },
  );
});

describe('changing a user', () => {
  it('changes what is named, if the version is the one that was seen', async () => {
    const { body: user } = await create(named('ada'));
    const line = `PATCH /internal/users/${user.id}`;
    const changed = await service.call(line, {
      as: operator,
      body: { displayName: 'Ada L.', platformRoles: ['support'] },
      headers: { 'if-match': '"1"' },
    });
    expect(changed).toMatchObject({
      status: 200,
      body: { ...user, displayName: 'Ada L.', platformRoles: ['support'], updatedAt: expect.any(String) },
    });
    expect(changed.headers.get('etag')).toBe('"2"');
    const late = await service.call(line, {
      as: operator,
      body: { displayName: 'Late' },
      headers: { 'if-match': '"1"' },
    });
    expect(late).toMatchObject({ status: 412, body: { code: 'RESOURCE_CHANGED' } });
  });

  it('keeps the spelling of an address that its own user writes otherwise, and refuses that of somebody else', async () => {
    const { body: user } = await create(named('alan'));
    await create(named('kurt'));
    const line = `PATCH /internal/users/${user.id}`;
    expect((await service.call(line, { as: operator, body: { email: 'ALAN@example.com' } })).status).toBe(200);
    const taken = await service.call(line, { as: operator, body: { email: 'KURT@example.com' } });
    expect(taken).toMatchObject({ status: 409, body: { errors: [{ field: 'email' }] } });
  });

  it('disables and enables', async () => {
    const { body: user } = await create(named('emmy'));
    const line = `PUT /internal/users/${user.id}/status`;
    const disabled = await service.call(line, { as: operator, body: { status: 'disabled' } });
    expect(disabled).toMatchObject({ status: 200, body: { status: 'disabled' } });
    const enabled = await service.call(line, { as: operator, body: { status: 'active' } });
    expect(enabled).toMatchObject({ status: 200, body: { status: 'active' } });
    const wrong = await service.call(line, { as: operator, body: { status: 'asleep' } });
    expect(wrong).toMatchObject({ status: 400, body: { errors: [{ field: 'status' }] } });
  });

  it.each([
    { field: 'username', body: { username: 'renamed' } },
    { field: '', body: {} },
    { field: 'email', body: { email: null } },
  ])('refuses $body', async ({ field, body }) => {
    const refused = await service.call(`PATCH /internal/users/${nobodys}`, { as: operator, body });
    expect(refused.status).toBe(400);
    expect(refused.body.errors).toContainEqual(expect.objectContaining({ field }));
  });

  it('names an If-Match that cannot be read', async () => {
    const headers = { 'if-match': 'three' };
    const refused = await service.call(`PATCH /internal/users/${nobodys}`, {
      as: operator,
      body: { displayName: 'X' },
      headers,
    });
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: 'If-Match' }] } });
  });
});

describe('deleting a user', () => {
  it('hides the user from then on and keeps both names taken', async () => {
    const { body: user } = await create(named('gone'));
    const place = `/internal/users/${user.id}`;
    expect((await service.call(`DELETE ${place}`, { as: operator })).status).toBe(204);

    expect((await service.call(`GET ${place}`, { as: operator })).status).toBe(404);
    expect((await service.call(`DELETE ${place}`, { as: operator })).status).toBe(404);
    expect((await service.call(`PATCH ${place}`, { as: operator, body: { displayName: 'X' } })).status).toBe(404);
    const again = await create(named('Gone'));
    expect(again).toMatchObject({ status: 409, body: { errors: [{ field: 'username' }, { field: 'email' }] } });
  });

  it('does not leave the other members of a tenant without an owner', async () => {
    const owner = await service.register('boss');
    const member = await service.register('clerk');
    const { body } = await service.call(`POST /tenants/${owner.tenantId}/invitations`, {
      as: owner,
      body: { username: 'clerk', role: 'admin' },
    });
    await service.call(`POST /users/me/invitations/${body.id}:accept`, { as: member });

    const refused = await service.call(`DELETE /internal/users/${owner.userId}`, { as: operator });
    expect(refused).toMatchObject({ status: 409, body: { code: 'RESOURCE_CONFLICT' } });
    expect((await service.call(`DELETE /internal/users/${member.userId}`, { as: operator })).status).toBe(204);
    expect((await service.call(`DELETE /internal/users/${owner.userId}`, { as: operator })).status).toBe(204);
  });
});

describe('listing users', () => {
  it('pages, orders and filters', async () => {
    await Promise.all(['page-a', 'page-b', 'page-c'].map((username) => create(named(username))));
    const query = `orderBy=username&pageSize=2&filter=${encodeURIComponent('username : "page-"')}`;
    const first = await service.call(`GET /internal/users?${query}`, { as: operator });
    const second = await service.call(`GET /internal/users?${query}&pageToken=${first.body.nextPageToken}`, {
      as: operator,
    });
    const names = [...first.body.items, ...second.body.items].map(({ username }) => username);
    expect(names).toEqual(['page-a', 'page-b', 'page-c']);
    expect(second.body.nextPageToken).toBe('');
  });

  it.each([
    { query: 'pageSize=0', field: 'pageSize' },
    { query: 'pageSize=101', field: 'pageSize' },
    { query: 'pageToken=mine', field: 'pageToken' },
    { query: 'orderBy=emailKey', field: 'orderBy' },
    { query: 'filter=platformRoles%20%3D%20%22x%22', field: 'filter' },
    { query: 'page=2', field: 'page' },
  ])('refuses $query', async ({ query, field }) => {
    const refused = await service.call(`GET /internal/users?${query}`, { as: operator });
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });
});

describe('who may manage users', () => {
  it('leaves it to platform administrators and services', async () => {
    const owner = await service.register('curious');
    for (const line of [
      'GET /internal/users',
      `GET /internal/users/${owner.userId}`,
      `DELETE /internal/users/${owner.userId}`,
    ]) {
      expect(await service.call(line, { as: owner })).toMatchObject({ status: 403, body: { code: 'ACCESS_DENIED' } });
    }
  });

  it('knows nobody whose headers are not sealed', async () => {
    const headers = {
      'x-user-id': operator.userId,
      'x-active': 'true',
      'x-roles': 'platform-admin',
      'x-tenant-id': operator.tenantId,
    };
    const response = await fetch(`${service.http}/internal/users`, { headers });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: 'IDENTITY_SEAL_INVALID' });
  });

  it('refuses an id that is none and does not find one that is nobody', async () => {
    const wrong = await service.call('GET /internal/users/42', { as: operator });
    expect(wrong).toMatchObject({ status: 400, body: { errors: [{ field: 'id' }] } });
    expect((await service.call(`GET /internal/users/${nobodys}`, { as: operator })).status).toBe(404);
  });
});
