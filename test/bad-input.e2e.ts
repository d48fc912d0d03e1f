import { jest } from '@jest/globals';

import { connect } from 'node:net';

import { type Answer, type CallOptions, Client } from './support/client.js';
import { aPerson, type Person } from './support/flow.js';
import { EmbeddedStack } from './support/stack.js';

jest.setTimeout(60_000);

interface BadInput {
  readonly when: string;
  readonly method?: string;
  readonly path: string;
  readonly options?: CallOptions;
  readonly status: number;
  readonly code?: string;
  /** The field that `errors` must name. */
  readonly field?: string;
}

const json = { 'content-type': 'application/json' };

const createProject: BadInput[] = [
  {
    when: 'the JSON is cut off',
    path: '/projects',
    options: { raw: '{"name": "x"', headers: json },
    status: 400,
    code: 'REQUEST_MALFORMED',
  },
  {
    when: 'the body is no JSON at all',
    path: '/projects',
    options: { raw: 'name=x', headers: json },
    status: 400,
    code: 'REQUEST_MALFORMED',
  },
  { when: 'the body is empty', path: '/projects', options: { raw: '', headers: json }, status: 400 },
  { when: 'the body is an array', path: '/projects', options: { body: [] }, status: 400, code: 'REQUEST_INVALID' },
  { when: 'the body is null', path: '/projects', options: { body: null }, status: 400 },
  { when: 'the body is a string', path: '/projects', options: { body: 'x' }, status: 400, code: 'REQUEST_INVALID' },
  {
    when: 'the body is not UTF-8',
    path: '/projects',
    options: { raw: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), headers: json },
    status: 400,
  },
  {
    when: 'the media type is another',
    path: '/projects',
    options: { raw: '<a/>', headers: { 'content-type': 'text/xml' } },
    status: 415,
    code: 'REQUEST_MEDIA_TYPE_UNSUPPORTED',
  },
  { when: 'a field is missing', path: '/projects', options: { body: {} }, status: 400, field: 'name' },
  { when: 'a field has the wrong type', path: '/projects', options: { body: { name: 7 } }, status: 400, field: 'name' },
  {
    when: 'a field is an object',
    path: '/projects',
    options: { body: { name: { $gt: '' } } },
    status: 400,
    field: 'name',
  },
  { when: 'a field is empty', path: '/projects', options: { body: { name: '' } }, status: 400, field: 'name' },
  { when: 'a field is blank', path: '/projects', options: { body: { name: '   ' } }, status: 400, field: 'name' },
  {
    when: 'a field is too long',
    path: '/projects',
    options: { body: { name: 'x'.repeat(10_000) } },
    status: 400,
    field: 'name',
  },
  { when: 'a field has a NUL', path: '/projects', options: { body: { name: 'a\u0000b' } }, status: 400, field: 'name' },
  {
    when: 'a field is a lone surrogate',
    path: '/projects',
    options: { raw: '{"name":"\\ud800"}', headers: json },
    status: 400,
    field: 'name',
  },
  {
    when: 'a field is unknown',
    path: '/projects',
    options: { body: { name: 'x', tenantId: 'other' } },
    status: 400,
    field: 'tenantId',
  },
  {
    when: 'a field would reach the prototype',
    path: '/projects',
    options: { raw: '{"name":"x","__proto__":{"admin":true}}', headers: json },
    status: 400,
  },
  {
    when: 'the body is too large',
    path: '/projects',
    options: { body: { name: 'x', description: 'y'.repeat(3_000_000) } },
    status: 413,
    code: 'REQUEST_BODY_TOO_LARGE',
  },
  {
    when: 'the body is nested 20,000 levels deep',
    path: '/projects',
    options: { raw: `{"name":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, headers: json },
    status: 400,
  },
  {
    when: 'the idempotency key is too long',
    path: '/projects',
    options: { body: { name: 'x' }, headers: { 'idempotency-key': 'k'.repeat(300) } },
    status: 400,
    field: 'Idempotency-Key',
  },
];

const others: BadInput[] = [
  { when: 'pageSize is no number', method: 'GET', path: '/projects?pageSize=many', status: 400, field: 'pageSize' },
  { when: 'pageSize is zero', method: 'GET', path: '/projects?pageSize=0', status: 400, field: 'pageSize' },
  { when: 'pageSize is too large', method: 'GET', path: '/projects?pageSize=101', status: 400, field: 'pageSize' },
  {
    when: 'pageToken was made up',
    method: 'GET',
    path: '/projects?pageToken=bm9uc2Vuc2U',
    status: 400,
    field: 'pageToken',
  },
  { when: 'pageToken is not base64', method: 'GET', path: '/projects?pageToken=%25%00', status: 400 },
  {
    when: 'orderBy names an unknown field',
    method: 'GET',
    path: '/projects?orderBy=passwordHash',
    status: 400,
    field: 'orderBy',
  },
  {
    when: 'filter does not parse',
    method: 'GET',
    path: "/projects?filter=name%20=%20'%20OR%201=1",
    status: 400,
    field: 'filter',
  },
  {
    when: 'filter names an unknown field',
    method: 'GET',
    path: '/projects?filter=tenantId%20=%20%22x%22',
    status: 400,
    field: 'filter',
  },
  { when: 'a query parameter is unknown', method: 'GET', path: '/projects?limit=5', status: 400, field: 'limit' },
  {
    when: 'a query parameter is given twice',
    method: 'GET',
    path: '/projects?pageSize=5&pageSize=6',
    status: 400,
    field: 'pageSize',
  },
  { when: 'the id is no UUID', method: 'GET', path: '/projects/42', status: 404, code: 'RESOURCE_NOT_FOUND' },
  { when: 'the id is SQL', method: 'GET', path: "/projects/'%20OR%201=1--", status: 404, code: 'RESOURCE_NOT_FOUND' },
  {
    when: 'If-Match is no entity tag',
    method: 'PATCH',
    path: '/projects/01900000-0000-7000-8000-000000000000',
    options: { body: { name: 'x' }, headers: { 'if-match': 'seven' } },
    status: 400,
    field: 'If-Match',
  },
  {
    when: 'X-Tenant-Id is no id',
    method: 'GET',
    path: '/projects',
    options: { headers: { 'x-tenant-id': "x' OR 1=1" } },
    status: 400,
    field: 'X-Tenant-Id',
  },
  {
    when: 'X-Tenant-Id is given twice',
    method: 'GET',
    path: '/projects',
    options: { headers: { 'x-tenant-id': ['a', 'b'] } },
    status: 400,
    field: 'X-Tenant-Id',
  },
  {
    when: 'the instance belongs to no project',
    path: '/ecs/instances',
    options: { body: { projectId: '01900000-0000-7000-8000-000000000000', name: 'x' } },
    status: 404,
  },
  {
    when: 'projectId is no id',
    path: '/ecs/instances',
    options: { body: { projectId: 'x', name: 'x' } },
    status: 400,
    field: 'projectId',
  },
  {
    when: 'the method is not allowed',
    method: 'DELETE',
    path: '/dashboard',
    status: 405,
    code: 'ROUTE_METHOD_NOT_ALLOWED',
  },
  { when: 'the path is unknown', method: 'GET', path: '/nothing/here', status: 404, code: 'ROUTE_NOT_FOUND' },
  {
    when: 'the path hides a slash',
    method: 'GET',
    path: '/projects%2F..%2Finternal',
    status: 400,
    code: 'REQUEST_PATH_INVALID',
  },
  { when: 'the path hides a NUL', method: 'GET', path: '/projects/%00', status: 400, code: 'REQUEST_PATH_INVALID' },
  {
    when: 'the path has broken percent-encoding',
    method: 'GET',
    path: '/projects/%zz',
    status: 400,
    code: 'REQUEST_PATH_INVALID',
  },
  {
    when: 'the address is too long',
    method: 'GET',
    path: `/projects?filter=${'x'.repeat(9_000)}`,
    status: 414,
    code: 'REQUEST_URI_TOO_LONG',
  },
  {
    when: 'the headers are too large',
    method: 'GET',
    path: '/projects',
    options: { headers: { 'x-padding': 'x'.repeat(40_000) } },
    status: 431,
  },
];

const account: BadInput[] = [
  {
    when: 'registering without a password',
    path: '/auth/register',
    options: { body: { username: 'somebody', email: 'a@example.com' } },
    status: 400,
    field: 'password',
  },
  {
    when: 'registering with a short password',
    path: '/auth/register',
    options: { body: { username: 'somebody', email: 'a@example.com', password: 'short' } },
    status: 400,
    field: 'password',
  },
  {
    when: 'registering with a bad e-mail address',
    path: '/auth/register',
    options: { body: { username: 'somebody', email: 'nobody', password: 'long enough' } },
    status: 400,
    field: 'email',
  },
  {
    when: 'registering with a bad user name',
    path: '/auth/register',
    options: { body: { username: 'some body', email: 'a@example.com', password: 'long enough' } },
    status: 400,
    field: 'username',
  },
  {
    when: 'registering oneself as an administrator',
    path: '/auth/register',
    options: {
      body: {
        username: 'somebody',
        email: 'a@example.com',
        password: 'long enough',
        platformRoles: ['platform-admin'],
      },
    },
    status: 400,
    field: 'platformRoles',
  },
  {
    when: 'logging in with a number',
    path: '/auth/login',
    options: { body: { login: 1, password: 2 } },
    status: 400,
    field: 'login',
  },
  {
    when: 'logging in with a novel for a password',
    path: '/auth/login',
    options: { body: { login: 'x', password: 'p'.repeat(30_000) } },
    status: 400,
    field: 'password',
  },
  { when: 'refreshing with nothing', path: '/auth/refresh', options: { body: {} }, status: 400, field: 'refreshToken' },
  { when: 'refreshing with garbage', path: '/auth/refresh', options: { body: { refreshToken: 'x' } }, status: 401 },
];

const badTokens = [
  'x',
  'a.b.c',
  'eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.',
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxIn0.c2ln',
  '\u00ff',
  'x'.repeat(7_000),
];

describe('bad input', () => {
  let stack: EmbeddedStack;
  let client: Client;
  let alice: Person;

  beforeAll(async () => {
    stack = await EmbeddedStack.create();
    await stack.start();
    client = new Client(stack.gateways[0] as string);
    alice = await aPerson(client);
  });
  afterAll(async () => {
    await client?.close();
    await stack?.dispose();
  });

  const expectProblem = (
    answer: Answer,
    { status, code, field }: { status: number; code?: string; field?: string },
  ): void => {
    expect(answer).toMatchObject({
      status,
      headers: { 'content-type': expect.stringContaining('application/problem+json') },
      body: {
        type: expect.any(String),
        title: expect.any(String),
        status,
        instance: expect.any(String),
        code: code ?? expect.stringMatching(/^[A-Z]+(_[A-Z]+)+$/),
        requestId: answer.headers['x-request-id'],
        ...(field === undefined ? {} : { errors: expect.arrayContaining([expect.objectContaining({ field })]) }),
      },
    });
    expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|\.[jt]s:\d|SQLITE|SELECT|at \w+ \(/);
  };

  it.each([...createProject, ...others])(
    '$status when $when',
    async ({ method = 'POST', path, options, ...expected }) => {
      expectProblem(await client.call(method, path, { token: alice.token, ...options }), expected);
    },
  );

  it.each(account)('$status when $when', async ({ path, options, ...expected }) => {
    expectProblem(await client.post(path, options), expected);
  });

  it.each(badTokens)('401 for the token %j', async (token) => {
    const answer = await client.get('/projects', { headers: { authorization: `Bearer ${token}` } });
    expectProblem(answer, { status: 401, code: 'AUTH_CREDENTIALS_REJECTED' });
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
  });

  it.each([
    ['no credentials', {}, 'AUTH_CREDENTIALS_MISSING'],
    ['a made-up key', { 'x-api-key': 'gth_live_nonsense' }, 'AUTH_CREDENTIALS_REJECTED'],
    ['another scheme', { authorization: 'Basic YTpi' }, undefined],
  ])('401 for %s', async (_, headers, code) => {
    expectProblem(await client.get('/projects', { headers }), { status: 401, ...(code && { code }) });
  });

  it.each([
    ['no request line', 'garbage\r\n\r\n'],
    ['no Host', 'GET /projects HTTP/1.1\r\n\r\n'],
    ['two Hosts', 'GET /projects HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'],
    ['two lengths', 'POST /projects HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx'],
    [
      'a length and chunks',
      'POST /projects HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a header with a control character', 'GET /projects HTTP/1.1\r\nHost: a\r\nX-A: a\u0001b\r\n\r\n'],
    ['a negative length', 'POST /projects HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n'],
  ])('4xx for raw HTTP with %s', async (_, bytes) => {
    expect(await rawStatus(new URL(client.baseUrl), bytes)).toMatch(/^4\d\d$/);
  });

  it('has lived through all of it', async () => {
    expect((await client.get('/projects', { token: alice.token })).status).toBe(200);
    expect(stack.output()).not.toMatch(/"status":5\d\d/);
  });
});

function rawStatus({ hostname, port }: URL, bytes: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes, 'latin1'));
    socket.setTimeout(5000, () => socket.destroy());
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      if (answer.includes('\r\n\r\n')) socket.destroy();
    });
    socket.on('error', reject).on('close', () => resolve(answer.split(' ')[1]));
  });
}
