import { randomBytes } from 'node:crypto';

import { until } from '@libs/testing';

import { AuthStack } from './auth-stack.fixture.js';
import { claimsOf } from './person.fixture.js';

const ADMIN_PASSWORD = 'the admin password';
const admin = { login: 'admin', password: ADMIN_PASSWORD };

let stack: AuthStack;
beforeAll(async () => {
  stack = await AuthStack.start({ ADMIN_PASSWORD });
});
afterAll(() => stack.stop());

const keyIds = async (): Promise<string[]> => {
  const { body } = await stack.call('GET', '/auth/.well-known/jwks.json');
  return body.keys.map(({ kid }: { kid: string }) => kid);
};

describe('the first start', () => {
  it('makes the user admin, who administers the platform', async () => {
    await until(
      () => stack.tenants.users.size,
      (users) => users > 0,
    );
    const { body } = await until(
      () => stack.post('/auth/login', admin),
      ({ status }) => status === 200,
    );
    expect(claimsOf(body.accessToken).roles).toContain('platform-admin');
  });

  it('publishes one key, and nothing private of it, to whoever asks', async () => {
    const { body } = await stack.call('GET', '/auth/.well-known/jwks.json', { sealed: false });
    expect(body.keys).toHaveLength(1);
    expect(Object.keys(body.keys[0]).toSorted()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  });
});

describe('the next start', () => {
  it('keeps the keys and the administrator', async () => {
    const before = await keyIds();
    const calls = stack.tenants.openAccountCalls;
    await stack.restart({ ADMIN_PASSWORD: 'some other password' });
    expect(await keyIds()).toEqual(before);
    expect((await stack.post('/auth/login', admin)).status).toBe(200);
    expect(stack.tenants.openAccountCalls).toBe(calls);
  });

  it('fails with another ENCRYPTION_KEY, and says so', async () => {
    const other = { ENCRYPTION_KEY: randomBytes(32).toString('hex') };
    await expect(stack.restart(other)).rejects.toThrow(/ENCRYPTION_KEY/);
    await stack.restart();
  }, 20_000);
});

describe('a tenant-service that is not there yet', () => {
  it('delays the administrator and nothing else', async () => {
    const late = await AuthStack.start();
    late.tenants.fault = 'before it is applied';
    await late.restart({ ADMIN_PASSWORD });
    expect((await late.call('GET', '/auth/.well-known/jwks.json')).status).toBe(200);
    await until(
      () => late.tenants.openAccountCalls,
      (calls) => calls > 1,
    );
    late.tenants.fault = 'none';
    await until(
      () => late.tenants.users.size,
      (users) => users > 0,
    );
    await until(
      () => late.post('/auth/login', admin),
      ({ status }) => status === 200,
    );
    expect(late.tenants.users.size).toBe(1);
    await late.stop();
  }, 20_000);
});
