import { anIdentity } from '@libs/testing';

import { AuthStack } from './auth-stack.fixture.js';
import { newNames } from './person.fixture.js';

let stack: AuthStack;
beforeAll(async () => {
  stack = await AuthStack.start();
});
afterAll(() => stack.stop());

const bodies = [
  { path: '/auth/register', good: newNames(), field: 'username' },
  { path: '/auth/login', good: { login: 'alice', password: 'correct horse' }, field: 'login' },
  { path: '/auth/refresh', good: { refreshToken: 'gtr_x' }, field: 'refreshToken' },
] as const;

describe.each(bodies)('POST $path', ({ path, good, field }) => {
  it.each([
    { what: 'a missing field', body: { ...good, [field]: undefined } },
    { what: 'null', body: { ...good, [field]: null } },
    { what: 'a number', body: { ...good, [field]: 42 } },
    { what: 'a list', body: { ...good, [field]: ['a'] } },
    { what: 'an object', body: { ...good, [field]: { $ne: '' } } },
    { what: 'an empty text', body: { ...good, [field]: '' } },
    { what: 'a text of 100,000 characters', body: { ...good, [field]: 'x'.repeat(100_000) } },
  ])('names the field that is $what', async ({ body }) => {
    const answer = await stack.post(path, body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID', requestId: expect.any(String) } });
    expect(answer.body.errors).toEqual(expect.arrayContaining([expect.objectContaining({ field })]));
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  it('names a field that it does not know', async () => {
    const answer = await stack.post(path, { ...good, isAdmin: true });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'isAdmin', code: 'UNKNOWN_FIELD' }] } });
  });

  it.each([
    { what: 'broken JSON', text: '{"login": ' },
    { what: 'no body', text: '' },
    { what: 'a list', text: '[]' },
    { what: 'a text', text: '"hello"' },
    { what: 'null', text: 'null' },
    { what: 'another prototype', text: '{"__proto__": {"isAdmin": true}}' },
  ])('refuses $what', async ({ text }) => {
    const answer = await stack.call('POST', path, { text });
    expect(answer.status).toBe(400);
    expect(answer.body.code).toMatch(/^REQUEST_/);
    expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|at .*\.js/);
  });

  it('refuses two million bytes', async () => {
    expect((await stack.post(path, { ...good, [field]: 'x'.repeat(2_000_000) })).status).toBe(413);
  });

  it('refuses another media type', async () => {
    const headers = { 'content-type': 'text/xml' };
    expect((await stack.call('POST', path, { text: '<login/>', headers })).status).toBe(415);
  });
});

describe('a login that nobody can have', () => {
  it.each(['a\u0000b', 'a\ud800b', '\u202ealice', 'x'.repeat(254), "' OR '1'='1"])('is nobody’s: %j', async (login) => {
    const answer = await stack.post('/auth/login', { login, password: 'correct horse' });
    expect(answer).toMatchObject({ status: 401, body: { code: 'AUTH_LOGIN_FAILED' } });
  });
});

describe('a caller around the gateway', () => {
  it.each([
    ['POST', '/auth/register'],
    ['POST', '/auth/login'],
    ['POST', '/auth/password'],
    ['DELETE', '/auth/sessions'],
    ['GET', '/auth/me'],
    ['GET', '/auth/api-keys'],
  ])('is refused at %s %s, whatever it says about itself', async (method, path) => {
    const headers = { 'x-user-id': 'alice', 'x-active': 'true', 'x-tenant-id': 'acme', 'x-auth-method': 'jwt' };
    const answer = await stack.call(method, path, { sealed: false, headers });
    expect(answer).toMatchObject({ status: 401, body: { code: 'IDENTITY_SEAL_INVALID' } });
  });
});

describe('paths and queries', () => {
  const as = anIdentity();

  it.each(['/auth/sessions/not-a-uuid', '/auth/api-keys/not-a-uuid', "/auth/api-keys/';DROP TABLE api_keys"])(
    'finds nothing at %s',
    async (path) => {
      const answer = await stack.call('DELETE', path.replaceAll(' ', '%20'), { as });
      expect(answer).toMatchObject({ status: 404, body: { code: 'RESOURCE_NOT_FOUND' } });
    },
  );

  it.each([
    { query: 'pageSize=0', field: 'pageSize' },
    { query: 'pageSize=101', field: 'pageSize' },
    { query: 'pageSize=ten', field: 'pageSize' },
    { query: 'pageToken=nonsense', field: 'pageToken' },
    { query: 'orderBy=keyHash', field: 'orderBy' },
    { query: 'filter=keyHash%20%3D%20%22a%22', field: 'filter' },
    { query: 'userId=bob', field: 'userId' },
    { query: 'pageSize=1&pageSize=2', field: 'pageSize' },
  ])('names what is wrong with ?$query', async ({ query, field }) => {
    for (const path of ['/auth/api-keys', '/auth/sessions']) {
      const answer = await stack.call('GET', `${path}?${query}`, { as });
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ field }] } });
    }
  });

  it('has nothing elsewhere', async () => {
    expect(await stack.call('GET', '/auth/users')).toMatchObject({ status: 404, body: { code: 'ROUTE_NOT_FOUND' } });
  });

  it('lives on', async () => {
    expect((await stack.post('/auth/register', newNames())).status).toBe(201);
  });
});
