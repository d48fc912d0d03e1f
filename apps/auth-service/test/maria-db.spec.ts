import { describeWith, startMariaDb, type TestServer } from '@libs/testing';

import { AuthStack } from './auth-stack.fixture.js';
import { aPerson, newNames } from './person.fixture.js';

/** Where locks, isolation and unique indexes are another engine's. */
describeWith(['mariadbd', 'mariadb-install-db'], 'auth-service with MariaDB', () => {
  let server: TestServer;
  let stack: AuthStack;
  beforeAll(async () => {
    server = await startMariaDb();
    stack = await AuthStack.start({ DATABASE_URL: server.url });
  }, 60_000);
  afterAll(async () => {
    await stack.stop();
    await server.stop();
  });

  it('gives one of many parallel registrations the name', async () => {
    const names = newNames();
    const answers = await Promise.all(Array.from({ length: 20 }, () => stack.post('/auth/register', names)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array<number>(19).fill(409)]);
  }, 20_000);

  it('gives 50 parallel refreshes one and the same successor, and logs nobody out', async () => {
    const { refreshToken } = await aPerson(stack);
    const answers = await Promise.all(Array.from({ length: 50 }, () => stack.post('/auth/refresh', { refreshToken })));
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(50).fill(200));
    const [successor, ...others] = new Set(answers.map(({ body }) => body.refreshToken as string));
    expect(others).toEqual([]);
    expect((await stack.post('/auth/refresh', { refreshToken: successor })).status).toBe(200);
  }, 20_000);

  it('finishes with the same request what a lost call has left', async () => {
    const names = newNames();
    stack.tenants.fault = 'after it is applied';
    expect((await stack.post('/auth/register', names)).status).toBe(503);
    stack.tenants.fault = 'none';
    expect((await stack.post('/auth/register', names)).status).toBe(201);
  });

  it('keeps keys, sessions and API keys over a restart', async () => {
    const alice = await aPerson(stack);
    const { key: _shownOnce, ...robot } = (await stack.post('/auth/api-keys', { name: 'robot' }, alice.identity)).body;
    const jwks = await stack.call('GET', '/auth/.well-known/jwks.json');
    await stack.restart();
    expect((await stack.call('GET', '/auth/.well-known/jwks.json')).body).toEqual(jwks.body);
    expect((await stack.call('GET', '/auth/api-keys', { as: alice.identity })).body.items).toEqual([robot]);
    expect((await stack.post('/auth/refresh', { refreshToken: alice.refreshToken })).status).toBe(200);
  }, 20_000);
});
