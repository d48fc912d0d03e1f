import { jest } from '@jest/globals';

import { randomBytes } from 'node:crypto';

import { writeApiKey } from '@libs/api-keys';
import { ApiKeyServiceService, ApiKeyStatus } from '@libs/grpc';
import { newId } from '@libs/persistence';
import { describeWith, startRedis, type TestServer } from '@libs/testing';

import { ApiKeyStore } from '../src/api-keys/api-key.store.js';
import { newMailToken } from '../src/mail-tokens/mail-token.js';
import { newRecoveryCode } from '../src/second-factors/recovery-code.js';
import { writeRefreshToken } from '../src/sessions/refresh-token.js';
import { RefreshTokenStore } from '../src/sessions/refresh-token.store.js';
import { AuthStack } from './auth-stack.fixture.js';
import { addPasskey, beginLogin, passkeyOptions, withTotp } from './factors.fixture.js';
import { aPerson, newNames, type Person } from './person.fixture.js';

const fifty = <T>(work: () => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: 50 }, work));
const from = (address: string) => ({ 'x-forwarded-for': address });

/** What a path may be told wrong, and how many of fifty wrong secrets at once it looks at. */
function guessing(stack: () => AuthStack): void {
  const login = (name: string, password: string, address: string) =>
    stack().call('POST', '/auth/login', { body: { login: name, password }, headers: from(address) });
  const tally = (statuses: readonly number[]): Record<number, number> =>
    Object.fromEntries([...new Set(statuses)].map((one) => [one, statuses.filter((other) => other === one).length]));

  it.each([
    { who: 'an account', nameOf: (alice: Person) => alice.username },
    { who: 'nobody’s account', nameOf: () => newNames().username },
  ])('looks at five of fifty wrong passwords for $who', async ({ nameOf }) => {
    const name = nameOf(await aPerson(stack()));
    const answers = await fifty(() => login(name, 'wrong password', '192.0.2.10'));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 401: 5, 429: 45 });
    const refused = answers.find(({ status }) => status === 429);
    expect(refused).toMatchObject({ body: { code: 'RATE_LIMITED' } });
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('looks at five of fifty wrong passwords, whichever of its names an account is called by', async () => {
    const { username, email } = await aPerson(stack());
    const names = [username, email, username.toUpperCase(), email.toUpperCase(), ` ${email} `];
    let n = 0;
    const answers = await fifty(() => login(names[n++ % names.length] ?? '', 'wrong password', '192.0.2.11'));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 401: 5, 429: 45 });
  });

  it('refuses the right password too, there, and takes it from where its owner was before', async () => {
    const { username, password } = await aPerson(stack());
    expect((await login(username, password, '192.0.2.20')).status).toBe(200);
    await fifty(() => login(username, 'wrong password', '192.0.2.21'));
    expect((await login(username, password, '192.0.2.21')).status).toBe(429);
    expect((await login(username, password, '192.0.2.20')).status).toBe(200);
  });

  it('forgets the wrong ones after the right one', async () => {
    const { username, password } = await aPerson(stack());
    for (let round = 0; round < 3; round += 1) {
      for (let tries = 0; tries < 4; tries += 1) await login(username, 'wrong password', '192.0.2.30');
      expect((await login(username, password, '192.0.2.30')).status).toBe(200);
    }
  });

  it('looks at five of fifty wrong current passwords', async () => {
    const { identity, username, password } = await aPerson(stack());
    const body = { currentPassword: 'wrong password', newPassword: 'a new password' };
    const answers = await fifty(() => stack().post('/auth/password', body, identity));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 400: 5, 429: 45 });
    expect((await login(username, password, '192.0.2.40')).status).toBe(200);
  });

  it('looks twenty of fifty wrong refresh tokens from one address up, and takes all that are right', async () => {
    const people = [await aPerson(stack()), await aPerson(stack())];
    const headers = from('192.0.2.50');
    const send = (token: string) => stack().call('POST', '/auth/refresh', { body: { refreshToken: token }, headers });
    const find = jest.spyOn(RefreshTokenStore.prototype, 'find');
    const answers = await fifty(() => send(writeRefreshToken(randomBytes(32))));
    const lookedUp = find.mock.calls.length;
    find.mockRestore();
    expect(tally(answers.map(({ status }) => status))).toEqual({ 401: 20, 429: 30 });
    expect(lookedUp).toBe(20);
    for (const { refreshToken } of people) {
      const { status, body } = await send(refreshToken);
      expect(status).toBe(200);
      expect((await send(body.refreshToken)).status).toBe(200);
    }
  });

  it('counts no right refresh token, however many come at once from one address', async () => {
    const { refreshToken } = await aPerson(stack());
    const send = () => stack().call('POST', '/auth/refresh', { body: { refreshToken }, headers: from('192.0.2.51') });
    const answers = await fifty(send);
    expect(tally(answers.map(({ status }) => status))).toEqual({ 200: 50 });
    expect(new Set(answers.map(({ body }) => body.refreshToken)).size).toBe(1);
  });

  it('looks twenty of fifty wrong API keys from one address up, and takes all that are right', async () => {
    const { identity } = await aPerson(stack());
    const made = await stack().post('/auth/api-keys', { name: 'robot' }, identity);
    const apiKeys = stack().to(ApiKeyServiceService);
    const send = (key: string) => apiKeys.resolveApiKey({ key, clientAddress: '192.0.2.60' }, { as: 'service' });
    const find = jest.spyOn(ApiKeyStore.prototype, 'find');
    // Of a key that exists as of one that does not: who knows an id knows no secret.
    const ids = [newId(), made.body.id as string];
    let n = 0;
    const answers = await fifty(() =>
      send(writeApiKey(ids[n++ % 2] as string, randomBytes(32))).then(
        ({ status }) => ApiKeyStatus[status],
        ({ code }: { code: string }) => code,
      ),
    );
    const lookedUp = find.mock.calls.length;
    find.mockRestore();
    expect(answers.filter((answer) => answer === 'UNKNOWN')).toHaveLength(20);
    expect(answers.filter((answer) => answer === 'RATE_LIMITED')).toHaveLength(30);
    expect(lookedUp).toBe(20);
    const rotated = await stack().post(`/auth/api-keys/${made.body.id}:rotate`, { graceSeconds: 60 }, identity);
    for (const { key } of [made.body, rotated.body]) {
      expect((await fifty(() => send(key))).map(({ status }) => ApiKeyStatus[status])).toEqual(
        Array(50).fill('ACTIVE'),
      );
    }
  });

  it.each([
    { what: 'codes of an app', proof: () => ({ totp: '000000' }) },
    { what: 'recovery codes', proof: () => ({ recoveryCode: newRecoveryCode() }) },
  ])('looks at five of fifty wrong $what, and lets the owner in from elsewhere', async ({ proof }) => {
    const alice = await withTotp(stack());
    const { challenge } = await beginLogin(stack(), alice, '192.0.2.70');
    const complete = (body: object, address: string) =>
      stack().call('POST', '/auth/login:complete', { body: { challenge, ...body }, headers: from(address) });
    const answers = await fifty(() => complete(proof(), '192.0.2.71'));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 401: 5, 429: 45 });
    expect((await complete({ totp: alice.code() }, '192.0.2.71')).status).toBe(429);
    expect((await complete({ totp: alice.code() }, '192.0.2.72')).status).toBe(200);
  });

  it.each([
    { what: 'passwords', wrong: { password: 'wrong password' }, person: aPerson, looked: 5 },
    // The session has confirmed the app with one.
    { what: 'codes of an app', wrong: { totp: '000000' }, person: withTotp, looked: 4 },
  ])('looks at $looked of fifty wrong $what for a step-up, and keeps no other session waiting', async (path) => {
    const alice = await path.person(stack());
    const answers = await fifty(() => stack().post('/auth/step-up', path.wrong, alice.identity));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 401: path.looked, 429: 50 - path.looked });
    const body = { currentPassword: alice.password, newPassword: 'a battery of horses' };
    expect((await stack().post('/auth/password', body, alice.identity)).status).toBe(429);
    expect((await login(alice.username, alice.password, '192.0.2.80')).status).toBeLessThan(429);
  });

  it('looks at five of fifty wrong codes of a new app', async () => {
    const { identity } = await aPerson(stack());
    await stack().post('/auth/totp', {}, identity);
    const answers = await fifty(() => stack().post('/auth/totp:confirm', { code: '000000' }, identity));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 400: 5, 429: 45 });
  });

  it.each([
    {
      what: 'tokens that reset a password',
      path: '/auth/password:reset',
      address: '192.0.2.90',
      body: () => ({ token: newMailToken(), newPassword: 'a battery of horses' }),
    },
    {
      what: 'tokens of invitations',
      path: '/auth/invitation:accept',
      address: '192.0.2.94',
      body: () => ({ token: newMailToken(), username: newNames().username, password: 'a battery of horses' }),
    },
    {
      what: 'tokens that confirm an address',
      path: '/auth/email:verify',
      address: '192.0.2.91',
      body: () => ({ token: newMailToken() }),
    },
  ])('looks at twenty of fifty wrong $what from one address', async ({ path, address, body }) => {
    const answers = await fifty(() => stack().call('POST', path, { body: body(), headers: from(address) }));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 401: 20, 429: 30 });
  });

  it('looks at twenty of fifty wrong passkeys from one address', async () => {
    const { authenticator } = await addPasskey(stack(), await aPerson(stack()));
    const headers = from('192.0.2.92');
    const answers = await fifty(async () => {
      const response = authenticator.assert(await passkeyOptions(stack()), { origin: 'https://evil.example' });
      return stack().call('POST', '/auth/login:passkey', { body: { response }, headers });
    });
    expect(tally(answers.map(({ status }) => status))).toEqual({ 401: 20, 429: 30 });
  });

  it('lets one address ask for twenty letters', async () => {
    const ask = () =>
      stack().call('POST', '/auth/password:forgot', { body: { login: 'bob' }, headers: from('192.0.2.93') });
    const answers = await fifty(ask);
    expect(tally(answers.map(({ status }) => status))).toEqual({ 202: 20, 429: 30 });
  });

  it('looks at twenty of fifty wrong passwords for a registration that is under way', async () => {
    const names = newNames();
    stack().tenants.fault = 'before it is applied';
    await stack().post('/auth/register', names);
    const body = { ...names, password: 'of somebody else' };
    const answers = await fifty(() => stack().post('/auth/register', body));
    stack().tenants.fault = 'none';
    expect(tally(answers.map(({ status }) => status))).toEqual({ 409: 20, 429: 30 });
  });
}

/** Registrations hash before they count. */
const environment = { GUESSES_PER_ADDRESS: '20', PASSWORD_QUEUE: '50' };

describe('guessing, counted in this process', () => {
  let stack: AuthStack;
  beforeAll(async () => {
    stack = await AuthStack.start(environment);
  });
  afterAll(() => stack.stop());
  guessing(() => stack);
});

describeWith(['redis-server'], 'guessing, counted in Redis', () => {
  let redis: TestServer;
  let stack: AuthStack;
  beforeAll(async () => {
    redis = await startRedis();
    stack = await AuthStack.start({ ...environment, REDIS_URL: redis.url });
  }, 30_000);
  afterAll(async () => {
    await stack.stop();
    await redis.stop();
  });
  guessing(() => stack);
});
