import type { Client } from './client.js';
import { aPerson, untilStatus } from './flow.js';
import { quickest } from './quickest.js';

const projectShape = {
  id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
  name: expect.any(String),
  status: 'active',
  ownerId: expect.any(String),
  tenantId: expect.any(String),
  createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
  updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
};

/** What a customer does in the first week, through the gateway alone. Runs against any deployment. */
export function theWholeFlow(connect: () => Client): void {
  let client: Client;
  beforeAll(() => {
    client = connect();
  });

  it('tells everybody its status, its services and its keys', async () => {
    expect((await client.get('/public/status')).status).toBe(200);
    expect((await client.get('/public/services')).status).toBe(200);
    for (const path of ['/auth/.well-known/jwks.json', '/.well-known/jwks.json']) {
      const keys = await client.get(path);
      expect(keys).toMatchObject({
        status: 200,
        body: { keys: [expect.objectContaining({ kty: 'RSA', alg: 'RS256' })] },
      });
      expect(JSON.stringify(keys.body)).not.toMatch(/"(d|p|q|dp|dq|qi)":/);
    }
    const api = await client.get('/openapi.json');
    expect(api).toMatchObject({ status: 200, body: { openapi: expect.stringMatching(/^3\.1/) } });
  });

  it('registers, logs in, and tells who one is', async () => {
    const alice = await aPerson(client);
    const me = await client.get('/auth/me', { token: alice.token });
    expect(me).toMatchObject({
      status: 200,
      body: { user: { id: alice.userId, username: alice.username }, tenant: { id: alice.tenantId }, roles: ['owner'] },
    });
    expect(me.headers).toMatchObject({
      'x-request-id': expect.any(String),
      'x-trace-id': expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect((await client.get('/users/me', { token: alice.token })).body).toMatchObject({ id: alice.userId });
    expect((await client.get('/tenants', { token: alice.token })).body.items).toEqual([
      expect.objectContaining({ id: alice.tenantId }),
    ]);
  });

  it('refuses a name that is taken, and a wrong password without saying which part was wrong', async () => {
    const alice = await aPerson(client);
    const again = await client.post('/auth/register', {
      body: { username: alice.username, email: `other-${alice.email}`, password: 'quite another one' },
    });
    expect(again).toMatchObject({ status: 409, body: { code: 'RESOURCE_NAME_TAKEN' } });
    const wrong = await client.post('/auth/login', { body: { login: alice.username, password: 'not the password' } });
    const unknown = await client.post('/auth/login', {
      body: { login: `no-${alice.username}`, password: 'not the password' },
    });
    expect(wrong).toMatchObject({ status: 401, body: { code: 'AUTH_LOGIN_FAILED' } });
    expect({ ...unknown.body, requestId: '' }).toEqual({ ...wrong.body, requestId: '' });
  });

  it('creates, reads, lists, changes and deletes a project', async () => {
    const { token, userId, tenantId } = await aPerson(client);
    const made = await client.post('/projects', { token, body: { name: 'Lighthouse', description: 'on the rock' } });
    expect(made).toMatchObject({
      status: 201,
      body: { ...projectShape, name: 'Lighthouse', ownerId: userId, tenantId },
    });
    const path = `/projects/${made.body.id}`;
    expect(made.headers['location']).toBe(path);

    const read = await client.get(path, { token });
    expect(read).toMatchObject({ status: 200, body: made.body, headers: { etag: expect.any(String) } });
    expect((await client.get('/projects', { token })).body).toEqual({ items: [made.body], nextPageToken: '' });

    const etag = String(read.headers['etag']);
    const changed = await client.patch(path, { token, headers: { 'if-match': etag }, body: { name: 'Light' } });
    expect(changed).toMatchObject({ status: 200, body: { name: 'Light', description: 'on the rock' } });
    const late = await client.patch(path, { token, headers: { 'if-match': etag }, body: { name: 'Late' } });
    expect(late).toMatchObject({ status: 412, body: { code: 'RESOURCE_CHANGED' } });
    // The brief's own first example: POST /projects/{id} with a tenant.
    const posted = await client.post(path, { token, tenant: tenantId, body: { description: 'by the sea' } });
    expect(posted).toMatchObject({ status: 200, body: { name: 'Light', description: 'by the sea' } });

    expect((await client.delete(path, { token })).status).toBe(204);
    expect((await client.get(path, { token })).status).toBe(404);
    expect((await client.get('/projects', { token })).body.items).toEqual([]);
  });

  it('pages, filters and orders a list', async () => {
    const { token } = await aPerson(client);
    const names = ['ash', 'birch', 'cedar', 'douglas', 'elm'];
    for (const name of names) expect((await client.post('/projects', { token, body: { name } })).status).toBe(201);
    const seen: string[] = [];
    let pageToken = '';
    do {
      const query = new URLSearchParams({ pageSize: '2', orderBy: 'name desc', ...(pageToken && { pageToken }) });
      const page = await client.get(`/projects?${query.toString()}`, { token });
      expect(page.status).toBe(200);
      expect(page.body.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.body.items.map(({ name }: { name: string }) => name));
      pageToken = page.body.nextPageToken;
    } while (pageToken !== '');
    expect(seen).toEqual(names.toReversed());
    const filtered = await client.get(`/projects?filter=${encodeURIComponent('name = "cedar"')}`, { token });
    expect(filtered.body.items).toEqual([expect.objectContaining({ name: 'cedar' })]);
  });

  it('runs an instance of a project, and shows it all on the dashboard', async () => {
    const { token, userId, tenantId } = await aPerson(client);
    const project = await client.post('/projects', { token, body: { name: 'Compute' } });
    const made = await client.post('/ecs/instances', { token, body: { projectId: project.body.id, name: 'web-1' } });
    expect(made).toMatchObject({ status: 201, body: { projectId: project.body.id, name: 'web-1' } });
    const path = `/ecs/instances/${made.body.id}`;
    await untilBody(() => client.get(path, { token }), { status: 'running' });
    expect((await client.post(`${path}:stop`, { token })).status).toBeLessThan(300);
    await untilBody(() => client.get(path, { token }), { status: 'stopped' });
    expect((await client.post(`${path}:start`, { token })).status).toBeLessThan(300);
    await untilBody(() => client.get(path, { token }), { status: 'running' });

    const dashboard = await client.get('/dashboard', { token });
    expect(dashboard).toMatchObject({
      status: 200,
      body: { user: { id: userId }, tenant: { id: tenantId }, partial: [] },
    });
    for (const part of ['projects', 'members', 'instances', 'recent']) expect(dashboard.body[part]).not.toBeNull();

    expect((await client.delete(path, { token })).status).toBe(204);
    expect((await client.get('/ecs/instances', { token })).body.items).toEqual([]);
  });

  it('lets an API key in until it is revoked', async () => {
    const { token } = await aPerson(client);
    const make = () => client.post('/auth/api-keys', { token, body: { name: 'robot' } });
    let made: Awaited<ReturnType<typeof make>> | undefined = await make();
    expect(made).toMatchObject({ status: 201, body: { name: 'robot', key: expect.stringMatching(/^gth_live_/) } });
    const { id: ofFirst, key: first } = made.body as { id: string; key: string };
    expect((await client.post('/projects', { apiKey: first, body: { name: 'by robot' } })).status).toBe(201);
    const listed = await client.get('/auth/api-keys', { token });
    expect(listed.body.items).toEqual([expect.objectContaining({ id: ofFirst, name: 'robot' })]);
    expect(JSON.stringify(listed.body)).not.toContain(first);
    const tookMs = await quickest(1000, async () => {
      const { id, key } = (made ?? (await make())).body as { id: string; key: string };
      made = undefined;
      expect((await client.get('/projects', { apiKey: key })).status).toBe(200);
      expect((await client.delete(`/auth/api-keys/${id}`, { token })).status).toBe(204);
      return (await untilStatus(() => client.get('/projects', { apiKey: key }), 401, 10_000)).tookMs;
    });
    expect(tookMs).toBeLessThan(1000);
  });

  it('gives a fresh session for a refresh token, and one answer only', async () => {
    const alice = await aPerson(client);
    const fresh = await client.post('/auth/refresh', { body: { refreshToken: alice.refreshToken } });
    expect(fresh).toMatchObject({ status: 200, body: { tokenType: 'Bearer', accessToken: expect.any(String) } });
    expect(fresh.body.refreshToken).not.toBe(alice.refreshToken);
    expect((await client.get('/auth/me', { token: fresh.body.accessToken })).status).toBe(200);
  });

  it('refuses the access token within one second of the logout, and the refresh token too', async () => {
    const alice = await aPerson(client);
    expect((await client.get('/projects', { token: alice.token })).status).toBe(200);
    expect((await client.post('/auth/logout', { token: alice.token })).status).toBe(204);
    await untilStatus(() => client.get('/projects', { token: alice.token }), 401, 1000);
    const refreshed = await client.post('/auth/refresh', { body: { refreshToken: alice.refreshToken } });
    expect(refreshed.status).toBe(401);
  });

  it('keeps tenants apart', async () => {
    const alice = await aPerson(client, 'alice');
    const bob = await aPerson(client, 'bob');
    const project = await client.post('/projects', { token: alice.token, body: { name: 'secret' } });
    const path = `/projects/${project.body.id}`;
    expect((await client.get(path, { token: bob.token })).status).toBe(404);
    expect((await client.patch(path, { token: bob.token, body: { name: 'mine' } })).status).toBe(404);
    expect((await client.delete(path, { token: bob.token })).status).toBe(404);
    expect(await client.get(path, { token: bob.token, tenant: alice.tenantId })).toMatchObject({
      status: 403,
      body: { code: 'ACCESS_TENANT_DENIED' },
    });
    expect((await client.get('/projects', { token: bob.token })).body.items).toEqual([]);
  });

  it('replays the answer to a repeated request with the same idempotency key', async () => {
    const { token } = await aPerson(client);
    const once = { token, headers: { 'idempotency-key': 'order-66' }, body: { name: 'once' } };
    const first = await client.post('/projects', once);
    const second = await client.post('/projects', once);
    expect(first.status).toBe(201);
    expect(second).toMatchObject({ status: 201, body: first.body });
    const other = await client.post('/projects', { ...once, body: { name: 'twice' } });
    expect(other).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    expect((await client.get('/projects', { token })).body.items).toHaveLength(1);
  });

  it.each([
    '/internal/users',
    '/internal/users/',
    '//internal/users',
    '/x/../internal/users',
    '/INTERNAL/users',
    '/actuator/metrics',
  ])('has nothing at %s', async (path) => {
    const answer = await client.get(path);
    expect(answer).toMatchObject({ status: 404, body: { code: 'ROUTE_NOT_FOUND' } });
  });
}

async function untilBody(ask: () => ReturnType<Client['get']>, wanted: Record<string, unknown>): Promise<void> {
  for (let left = 200; ; left -= 1) {
    const { body } = await ask();
    if (Object.entries(wanted).every(([name, value]) => body[name] === value)) return;
    if (left === 0) throw new Error(`expected ${JSON.stringify(wanted)}, got ${JSON.stringify(body)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
