import { jest } from '@jest/globals';

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Secret, TOTP } from 'otpauth';

import { CredentialServiceService, type GrpcClients, UserServiceService } from '@libs/grpc';
import { sealedHeaders, until } from '@libs/testing';
import { serviceIdentity } from '@libs/trusted-headers';

import { Client } from './support/client.js';
import { aPerson, expectStatus, untilStatus } from './support/flow.js';
import { callInternally } from './support/internal.js';
import { DistributedStack } from './support/stack.js';

jest.setTimeout(120_000);

const password = 'a stable of horses';
const asService = { as: 'service' } as const;

describe('the life of a user', () => {
  let stack: DistributedStack;
  let clients: Client[];
  let client: Client;
  let internal: GrpcClients;
  let closeInternal: () => Promise<void>;
  const users = () => internal.to('tenant-service', UserServiceService);

  beforeAll(async () => {
    stack = await DistributedStack.create(2);
    await stack.start();
    clients = stack.gateways.map((url) => new Client(url));
    client = clients[0] as Client;
    ({ clients: internal, close: closeInternal } = await callInternally(stack));
  });
  afterAll(async () => {
    await closeInternal?.();
    await Promise.all(clients?.map((one) => one.close()) ?? []);
    await stack?.dispose();
  });

  /** Every token that came to an address under that subject, in the order of the letters. */
  function tokensTo(email: string, subject: RegExp): string[] {
    const folder = join(stack.dataDir, 'auth-service', 'mail');
    // It is made with the first letter.
    const letters = (existsSync(folder) ? readdirSync(folder) : [])
      .filter((name) => name.endsWith('.eml'))
      .toSorted()
      .map((name) => readFileSync(join(folder, name), 'utf8'));
    const ours = letters.filter((letter) => letter.includes(`To: ${email}`) && subject.test(letter));
    return ours.flatMap((letter) => /gtm_[\w-]{43}/.exec(letter) ?? []);
  }
  const untilLetters = (email: string, subject: RegExp, count: number): Promise<string[]> =>
    until(
      () => tokensTo(email, subject),
      (tokens) => tokens.length === count,
      20_000,
    );
  /** What the platform's own chain tells about somebody. */
  async function auditOf(target: string): Promise<{ action: string }[]> {
    const request = { audience: 'tenant-service', sealKey: stack.sealKey, method: 'GET', path: '/internal/audit' };
    const headers = sealedHeaders({ ...request, identity: serviceIdentity('test') });
    const query = new URLSearchParams({ filter: `target = "${target}"`, pageSize: '100' });
    const answer = await fetch(`http://127.0.0.1:${stack.ports('tenant-service').http}/internal/audit?${query}`, {
      headers,
    });
    return ((await answer.json()) as { items: { action: string }[] }).items;
  }
  const logIn = (login: string, secret = password) => client.post('/auth/login', { body: { login, password: secret } });

  it('begins with an invitation: the latest letter opens the account, once, and nobody is in before', async () => {
    const email = `guest-${Date.now().toString(36)}@example.com`;
    const invite = () => users().inviteUser({ email, displayName: '', platformRoles: [] }, asService);
    const { user } = await invite();
    await untilLetters(email, /Subject: You are invited/, 1);
    await invite();
    const [first, second] = await untilLetters(email, /Subject: You are invited/, 2);
    expect(await logIn(email)).toMatchObject({ status: 401, body: { code: 'AUTH_LOGIN_FAILED' } });

    const username = email.split('@')[0];
    const accept = (token = '') => client.post('/auth/invitation:accept', { body: { token, username, password } });
    expect(await accept(first)).toMatchObject({ status: 401, body: { code: 'AUTH_TOKEN_REJECTED' } });
    const opened = expectStatus(await accept(second), 201);
    expect(opened.body.user).toMatchObject({ id: user?.id, username, status: 'active' });
    expect((await accept(second)).status).toBe(401);

    const { body } = expectStatus(await logIn(email), 200);
    for (const one of clients) await untilStatus(() => one.get('/projects', { token: body.accessToken }), 200, 1000);
  });

  it.each(['lockUser', 'suspendUser'] as const)(
    '%s refuses everything at every gateway within a second; activated again, keys work and sessions are over',
    async (shutOut) => {
      const alice = await aPerson(client);
      const made = await client.post('/auth/api-keys', { token: alice.token, body: { name: 'robot' } });
      const apiKey = expectStatus(made, 201).body.key as string;
      const everywhere = async (credentials: object, isIn: boolean, withinMs = 1000): Promise<void> => {
        const ask = (one: Client) => async () => (await one.get('/projects', credentials)).status === 200;
        const answers = await Promise.all(clients.map((one) => until(ask(one), (seen) => seen === isIn, withinMs)));
        expect(answers).toEqual(clients.map(() => isIn));
      };
      await everywhere({ token: alice.token }, true);
      await everywhere({ apiKey }, true);

      await users()[shutOut]({ id: alice.userId, reason: 'asked on the phone', etag: '' }, asService);
      await Promise.all([everywhere({ token: alice.token }, false), everywhere({ apiKey }, false)]);
      expect(await logIn(alice.username, alice.password)).toMatchObject({ body: { code: 'ACCESS_USER_INACTIVE' } });
      await untilStatus(() => client.get('/projects', { token: alice.token }), 401, 10_000);

      await users().activateUser({ id: alice.userId, reason: 'they are who they say', etag: '' }, asService);
      await everywhere({ apiKey }, true);
      for (const one of clients) expect((await one.get('/projects', { token: alice.token })).status).toBe(401);
      const refresh = { body: { refreshToken: alice.refreshToken } };
      expect((await client.post('/auth/refresh', refresh)).body.code).toBe('AUTH_REFRESH_REJECTED');
      expectStatus(await logIn(alice.username, alice.password), 200);
    },
  );

  it('goes on without a second factor that was lost: an operator removes it, and the audit trail tells who', async () => {
    const alice = await aPerson(client);
    const begun = expectStatus(await client.post('/auth/totp', { token: alice.token, body: {} }), 201);
    const code = new TOTP({ secret: Secret.fromBase32(begun.body.secret as string) }).generate();
    expectStatus(await client.post('/auth/totp:confirm', { token: alice.token, body: { code } }), 200);
    expect((await logIn(alice.username, alice.password)).body.code).toBe('AUTH_SECOND_FACTOR_REQUIRED');

    const credentials = internal.to('auth-service', CredentialServiceService);
    await credentials.removeSecondFactors({ userId: alice.userId }, asService);
    for (const one of clients) await untilStatus(() => one.get('/projects', { token: alice.token }), 401, 1000);
    expectStatus(await logIn(alice.username, alice.password), 200);
    const entries = await until(
      () => auditOf(alice.userId),
      (found) => found.some(({ action }) => action === 'second-factors.removed'),
      20_000,
    );
    expect(entries).toContainEqual(expect.objectContaining({ action: 'second-factors.removed', actorId: 'test' }));
  });

  it('goes on without a password that was forgotten: an operator vouches for who has confirmed no address', async () => {
    const alice = await aPerson(client);
    const credentials = internal.to('auth-service', CredentialServiceService);
    await credentials.sendPasswordReset({ userId: alice.userId }, asService);
    const [token] = await untilLetters(alice.email, /Subject: Choose a new password/, 1);
    expectStatus(await client.post('/auth/password:reset', { body: { token, newPassword: password } }), 204);
    const { body } = expectStatus(await logIn(alice.email), 200);
    expect(body.user).toMatchObject({ id: alice.userId, emailVerified: true });
    expect(body.tenant.id).toBe(alice.tenantId);
    const entries = await until(
      () => auditOf(alice.userId),
      (found) => found.some(({ action }) => action === 'password.reset-sent'),
      20_000,
    );
    expect(entries).toContainEqual(expect.objectContaining({ action: 'password.reset-sent', actorId: 'test' }));
  });

  it('goes on for a deleted user who is restored: with a new password by letter, in their tenants', async () => {
    const alice = await aPerson(client);
    const [confirmation] = await untilLetters(alice.email, /Subject: Confirm/, 1);
    const verified = await client.post('/auth/email:verify', { token: alice.token, body: { token: confirmation } });
    expectStatus(verified, 204);
    await users().deleteUser({ id: alice.userId, etag: '' }, asService);
    await untilStatus(() => client.get('/projects', { token: alice.token }), 401, 10_000);
    await users().restoreUser({ id: alice.userId }, asService);
    expect((await logIn(alice.username, alice.password)).body.code).toBe('AUTH_LOGIN_FAILED');

    expectStatus(await client.post('/auth/password:forgot', { body: { login: alice.username } }), 202);
    const [token] = await untilLetters(alice.email, /Subject: Choose a new password/, 1);
    expectStatus(await client.post('/auth/password:reset', { body: { token, newPassword: password } }), 204);
    const { body } = expectStatus(await logIn(alice.username), 200);
    expect(body.tenant.id).toBe(alice.tenantId);
    expectStatus(await client.get('/projects', { token: body.accessToken }), 200);
  });
});
