import { jest } from '@jest/globals';

import { describeWith, until } from '@libs/testing';

import { Client } from './support/client.js';
import { aPerson, expectStatus } from './support/flow.js';
import { DistributedStack } from './support/stack.js';

jest.setTimeout(120_000);

interface Line {
  readonly service?: string;
  readonly request_id?: string;
  readonly trace_id?: string;
  readonly msg?: string;
  readonly method?: string;
}

describeWith(['mariadbd', 'redis-server'], 'the log of all processes', () => {
  let stack: DistributedStack;
  let client: Client;

  beforeAll(async () => {
    // At the level that says most: what is not told there is told nowhere.
    stack = await DistributedStack.create(1, { LOG_LEVEL: 'trace' });
    await stack.start();
    client = new Client(stack.gateways[0] as string);
  });
  afterAll(async () => {
    await client?.close();
    await stack?.dispose();
  });

  const lines = (): Line[] =>
    stack
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Line);

  it('has the ids of a request in the lines of every service that it reached, over HTTP and gRPC', async () => {
    const alice = await aPerson(client);
    const answer = expectStatus(await client.get('/dashboard', { token: alice.token }), 200);
    const requestId = answer.headers['x-request-id'] as string;
    const traceId = answer.headers['x-trace-id'] as string;
    const about = await until(
      () => lines().filter(({ request_id }) => request_id === requestId),
      (found) =>
        found.some(({ service }) => service === 'gateway') && found.some(({ service }) => service === 'ecs-service'),
      10_000,
    );
    expect(about.map(({ service }) => service)).toEqual(
      expect.arrayContaining(['gateway', 'project-service', 'tenant-service', 'ecs-service']),
    );
    expect(
      about.some(({ msg, method }) => msg === 'called' && method?.startsWith('/gatehouse.tenant.v1.') === true),
    ).toBe(true);
    expect(new Set(about.map(({ trace_id }) => trace_id))).toEqual(new Set([traceId]));
  });

  it('never has a secret, wherever it was sent', async () => {
    const jwt = (mark: string): string =>
      `eyJhbGciOiJSUzI1NiJ9.${Buffer.from(mark).toString('base64url')}.c2lnbmVkLWJ5LWhlcg`;
    const marks = Array.from({ length: 12 }, (_, index) => `hunter2mark${index}x`);
    const [password, apiKey, cookie, query, header, basic, inPath, field, broken, refresh, wrong, idempotency] =
      marks as [string, string, string, string, string, string, string, string, string, string, string, string];
    const alice = await aPerson(client);
    const { token } = alice;
    const made = expectStatus(await client.post('/auth/api-keys', { token, body: { name: 'robot' } }), 201);

    await client.post('/auth/login', { body: { login: alice.username, password } });
    await client.post('/auth/register', { body: { username: alice.username, email: alice.email, password } });
    await client.post('/auth/register', { raw: `{"username":"x","password":"${broken}` });
    await client.post('/auth/refresh', { body: { refreshToken: refresh } });
    await client.get('/projects', { apiKey });
    await client.get('/projects', { apiKey: made.body.key });
    await client.get('/projects', { token: jwt(wrong) });
    await client.get('/projects', { token, headers: { cookie: `session=${cookie}`, 'x-anything': header } });
    await client.get('/projects', { headers: { authorization: `Basic ${basic}` } });
    await client.get(`/projects?access_token=${query}&filter=${encodeURIComponent(`name="${query}"`)}`, { token });
    await client.get(`/projects/${jwt(inPath)}`, { token });
    await client.post('/projects', { token, body: { name: 'p', password: field } });
    await client.post('/projects', { token, body: { name: field, description: field } });
    await client.post('/projects', { token, body: { name: 'p2' }, headers: { 'idempotency-key': idempotency } });
    await client.get('/nowhere-at-all', { token, headers: { authorization: `Bearer ${jwt(wrong)}` } });
    // One more that is seen in the log tells that those before it have been written.
    const last = await client.get('/projects', { token });
    await until(lines, (all) => all.some(({ request_id }) => request_id === last.headers['x-request-id']), 10_000);

    const said = stack.output();
    const secrets = {
      ...Object.fromEntries(marks.map((mark) => [mark, mark])),
      inPath: Buffer.from(inPath).toString('base64url'),
      wrong: Buffer.from(wrong).toString('base64url'),
      token,
      refreshToken: alice.refreshToken,
      password: alice.password,
      key: made.body.key as string,
      admin: stack.adminPassword,
      seal: stack.sealKey.toString('base64url'),
    };
    const told = Object.entries(secrets).filter(([, secret]) => said.includes(secret));
    expect(told.map(([name]) => name)).toEqual([]);
  });

  it('is JSON, each line of it', () => {
    const strange = stack
      .output()
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('{') && !line.startsWith('---'));
    expect(strange).toEqual([]);
  });
});
