import { createPublicKey, verify } from 'node:crypto';

import { SessionServiceService, SessionStatus } from '@libs/grpc';
import { anIdentity } from '@libs/testing';

import { AuthStack } from './auth-stack.fixture.js';
import { aPerson, claimsOf, logIn, newNames } from './person.fixture.js';

let stack: AuthStack;
beforeAll(async () => {
  stack = await AuthStack.start({ ISSUER: 'https://auth.example.com', AUDIENCE: 'api' });
});
afterAll(() => stack.stop());

const statusOf = async (sessionId: string): Promise<SessionStatus> => {
  const { status } = await stack.to(SessionServiceService).getSession({ sessionId }, { as: 'service' });
  return status;
};
const refresh = (refreshToken: string) => stack.post('/auth/refresh', { refreshToken });

describe('login', () => {
  it('answers an access token that the published keys verify', async () => {
    const { accessToken, userId, tenantId } = await aPerson(stack);
    const [header = '', claims = '', signature = ''] = accessToken.split('.');
    const { kid, ...rest } = JSON.parse(Buffer.from(header, 'base64url').toString()) as Record<string, unknown>;
    expect(rest).toEqual({ alg: 'RS256', typ: 'at+jwt' });

    const jwks = await stack.call('GET', '/auth/.well-known/jwks.json');
    expect(jwks.headers.get('cache-control')).toMatch(/max-age=300/);
    const jwk = jwks.body.keys.find((key: { kid: string }) => key.kid === kid);
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    expect(verify('RSA-SHA256', Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, 'base64url'))).toBe(
      true,
    );

    const known = claimsOf(accessToken);
    expect(known).toEqual({
      iss: 'https://auth.example.com',
      aud: 'api',
      sub: userId,
      tid: tenantId,
      sid: expect.any(String),
      jti: expect.any(String),
      roles: ['owner'],
      amr: ['pwd'],
      iat: expect.any(Number),
      nbf: known.iat,
      auth_time: expect.any(Number),
      exp: expect.any(Number),
      ver: 1,
    });
  });

  it('answers access tokens that live ten minutes, a tenth more or less', async () => {
    const alice = await aPerson(stack);
    const tokens = [alice, ...(await Promise.all(Array.from({ length: 4 }, () => logIn(stack, alice))))];
    const lifetimes = tokens.map(({ accessToken }) => claimsOf(accessToken)).map(({ iat, exp }) => exp - iat);
    expect(lifetimes.every((seconds) => seconds >= 540 && seconds <= 660)).toBe(true);
    expect(new Set(lifetimes).size).toBeGreaterThan(1);
  });

  it('takes the e-mail address, and any case, for the login', async () => {
    const { email, username, password } = await aPerson(stack);
    for (const login of [email, email.toUpperCase(), username.toUpperCase()]) {
      expect((await stack.post('/auth/login', { login, password })).status).toBe(200);
    }
  });

  it('does not tell an unknown user from a wrong password', async () => {
    const { username } = await aPerson(stack);
    const wrong = await stack.post('/auth/login', { login: username, password: 'wrong password' });
    const unknown = await stack.post('/auth/login', { login: newNames().username, password: 'wrong password' });
    expect(wrong).toMatchObject({ status: 401, body: { code: 'AUTH_LOGIN_FAILED' } });
    expect({ ...unknown.body, requestId: '' }).toEqual({ ...wrong.body, requestId: '' });
    expect([...unknown.headers.keys()]).toEqual([...wrong.headers.keys()]);
  });

  it('tells that an account is disabled to nobody but its owner', async () => {
    const { username, password, userId } = await aPerson(stack);
    stack.tenants.disable(userId);
    const right = await stack.post('/auth/login', { login: username, password });
    const wrong = await stack.post('/auth/login', { login: username, password: 'wrong password' });
    expect(right).toMatchObject({ status: 403, body: { code: 'ACCESS_USER_INACTIVE' } });
    expect(wrong).toMatchObject({ status: 401, body: { code: 'AUTH_LOGIN_FAILED' } });
  });

  it('keeps its tokens out of caches', async () => {
    const { username, password } = await aPerson(stack);
    const { headers } = await stack.post('/auth/login', { login: username, password });
    expect(headers.get('cache-control')).toBe('no-store');
  });
});

describe('refresh', () => {
  it('goes on in the same session with new tokens', async () => {
    const alice = await aPerson(stack);
    const { status, body } = await refresh(alice.refreshToken);
    expect(status).toBe(200);
    expect(body.refreshToken).not.toBe(alice.refreshToken);
    expect(claimsOf(body.accessToken).sid).toBe(alice.identity.sessionId);
    expect((await refresh(body.refreshToken)).status).toBe(200);
  });

  it('gives the same successor again to whoever has lost the answer', async () => {
    const alice = await aPerson(stack);
    const first = await refresh(alice.refreshToken);
    stack.clock.advance(29_000);
    const again = await refresh(alice.refreshToken);
    expect(again).toMatchObject({ status: 200, body: { refreshToken: first.body.refreshToken } });
    expect(claimsOf(again.body.accessToken).sid).toBe(alice.identity.sessionId);
    expect((await refresh(first.body.refreshToken)).status).toBe(200);
  });

  it.each([
    { when: 'comes again too late', meanwhile: () => Promise.resolve(stack.clock.advance(30_001)) },
    { when: 'comes again after its successor', meanwhile: (successor: string) => refresh(successor) },
  ])('ends the session when a used token $when', async ({ meanwhile }) => {
    const alice = await aPerson(stack);
    const { body } = await refresh(alice.refreshToken);
    await meanwhile(body.refreshToken);
    expect(await refresh(alice.refreshToken)).toMatchObject({ status: 401, body: { code: 'AUTH_REFRESH_REJECTED' } });
    expect(await statusOf(alice.identity.sessionId)).toBe(SessionStatus.ENDED);
    expect((await refresh(body.refreshToken)).status).toBe(401);
  });

  it('ends the session on reuse with an Idempotency-Key too', async () => {
    const alice = await aPerson(stack);
    await refresh(alice.refreshToken);
    stack.clock.advance(30_001);
    const body = { refreshToken: alice.refreshToken };
    const headers = { 'idempotency-key': 'reuse' };
    expect((await stack.call('POST', '/auth/refresh', { body, headers })).status).toBe(401);
    expect(await statusOf(alice.identity.sessionId)).toBe(SessionStatus.ENDED);
  });

  it('gives 50 parallel requests one and the same successor, and logs nobody out', async () => {
    const alice = await aPerson(stack);
    const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(alice.refreshToken)));
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(50).fill(200));
    const successors = new Set(answers.map(({ body }) => body.refreshToken as string));
    expect(successors.size).toBe(1);
    expect(await statusOf(alice.identity.sessionId)).toBe(SessionStatus.ACTIVE);
    expect((await refresh([...successors].join())).status).toBe(200);
  });

  it('is refused to a disabled user, who may go on when enabled again', async () => {
    const alice = await aPerson(stack);
    const user = stack.tenants.users.get(alice.userId);
    const enabled = user?.status;
    stack.tenants.disable(alice.userId);
    expect(await refresh(alice.refreshToken)).toMatchObject({ status: 403, body: { code: 'ACCESS_USER_INACTIVE' } });
    Object.assign(user ?? {}, { status: enabled });
    expect((await refresh(alice.refreshToken)).status).toBe(200);
  });

  it('ends the session of a user who is gone', async () => {
    const alice = await aPerson(stack);
    stack.tenants.users.delete(alice.userId);
    expect((await refresh(alice.refreshToken)).status).toBe(401);
    expect(await statusOf(alice.identity.sessionId)).toBe(SessionStatus.ENDED);
  });

  it.each(['gtr_AAAA', 'null', "' OR 1=1 --", '\u0000', 'x'.repeat(200)])('refuses %j', async (refreshToken) => {
    expect(await refresh(refreshToken)).toMatchObject({ status: 401, body: { code: 'AUTH_REFRESH_REJECTED' } });
  });
});

describe('refresh without a grace', () => {
  let strict: AuthStack;
  beforeAll(async () => {
    strict = await AuthStack.start({ REFRESH_GRACE: '0' });
  });
  afterAll(() => strict.stop());

  it('ends the session as soon as a used token comes again', async () => {
    const { refreshToken } = await aPerson(strict);
    const { body } = await strict.post('/auth/refresh', { refreshToken });
    expect((await strict.post('/auth/refresh', { refreshToken })).status).toBe(401);
    expect((await strict.post('/auth/refresh', { refreshToken: body.refreshToken })).status).toBe(401);
  });

  it('gives one of 50 parallel requests the successor, and none of them an error of ours', async () => {
    const { refreshToken } = await aPerson(strict);
    const requests = Array.from({ length: 50 }, () => strict.post('/auth/refresh', { refreshToken }));
    const statuses = (await Promise.all(requests)).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([200, ...Array<number>(49).fill(401)]);
  });
});

describe('logout', () => {
  it('ends the session and nobody else’s', async () => {
    const alice = await aPerson(stack);
    const elsewhere = await logIn(stack, alice);
    const answer = await stack.call('POST', '/auth/logout', { as: alice.identity });
    expect(answer).toMatchObject({ status: 204, body: undefined });
    expect(await statusOf(alice.identity.sessionId)).toBe(SessionStatus.ENDED);
    expect(await statusOf(elsewhere.identity.sessionId)).toBe(SessionStatus.ACTIVE);
    expect((await refresh(alice.refreshToken)).status).toBe(401);
    expect((await refresh(elsewhere.refreshToken)).status).toBe(200);
  });

  it('may be asked for twice', async () => {
    const { identity } = await aPerson(stack);
    await stack.call('POST', '/auth/logout', { as: identity });
    expect((await stack.call('POST', '/auth/logout', { as: identity })).status).toBe(204);
  });
});

describe('the sessions of the caller', () => {
  it('are listed, newest first, with the one of the request marked', async () => {
    const alice = await aPerson(stack);
    const second = await logIn(stack, alice);
    const { status, body } = await stack.call('GET', '/auth/sessions', { as: alice.identity });
    expect(status).toBe(200);
    expect(body.items.map(({ id, current }: { id: string; current: boolean }) => [id, current])).toEqual([
      [second.identity.sessionId, false],
      [alice.identity.sessionId, true],
    ]);
    expect(JSON.stringify(body)).not.toContain('gtr_');
  });

  it('are paged, and a bad page token is named', async () => {
    const alice = await aPerson(stack);
    await logIn(stack, alice);
    const page = await stack.call('GET', '/auth/sessions?pageSize=1', { as: alice.identity });
    expect(page.body.items).toHaveLength(1);
    const token = encodeURIComponent(page.body.nextPageToken);
    const rest = await stack.call('GET', `/auth/sessions?pageSize=1&pageToken=${token}`, { as: alice.identity });
    expect(rest.body).toMatchObject({ items: [{ id: alice.identity.sessionId }], nextPageToken: '' });
    const bad = await stack.call('GET', '/auth/sessions?pageToken=nonsense', { as: alice.identity });
    expect(bad).toMatchObject({ status: 400, body: { errors: [{ field: 'pageToken' }] } });
  });

  it('can be ended one by one, by their owner only', async () => {
    const [alice, bob] = [await aPerson(stack), await aPerson(stack)];
    const path = `/auth/sessions/${alice.identity.sessionId}`;
    expect(await stack.call('DELETE', path, { as: bob.identity })).toMatchObject({
      status: 404,
      body: { code: 'RESOURCE_NOT_FOUND' },
    });
    expect(await statusOf(alice.identity.sessionId)).toBe(SessionStatus.ACTIVE);
    expect((await stack.call('DELETE', path, { as: alice.identity })).status).toBe(204);
    expect(await statusOf(alice.identity.sessionId)).toBe(SessionStatus.ENDED);
    expect((await stack.call('DELETE', path, { as: alice.identity })).status).toBe(404);
  });

  it('can be ended all at once but for this one', async () => {
    const alice = await aPerson(stack);
    const others = [await logIn(stack, alice), await logIn(stack, alice)];
    const bob = await aPerson(stack);
    expect((await stack.call('DELETE', '/auth/sessions', { as: alice.identity })).status).toBe(204);
    for (const { identity, refreshToken } of others) {
      expect(await statusOf(identity.sessionId)).toBe(SessionStatus.ENDED);
      expect((await refresh(refreshToken)).status).toBe(401);
    }
    expect(await statusOf(alice.identity.sessionId)).toBe(SessionStatus.ACTIVE);
    expect(await statusOf(bob.identity.sessionId)).toBe(SessionStatus.ACTIVE);
    expect((await stack.call('DELETE', '/auth/sessions', { as: alice.identity })).status).toBe(204);
  });

  it('are not in the hands of an API key', async () => {
    const { identity } = await aPerson(stack);
    const as = { ...identity, authMethod: 'api-key' as const, sessionId: '', apiKeyId: 'some-key' };
    for (const [method, path] of [
      ['GET', '/auth/sessions'],
      ['POST', '/auth/logout'],
      ['DELETE', '/auth/sessions'],
      ['GET', '/auth/api-keys'],
    ] as const) {
      expect(await stack.call(method, path, { as })).toMatchObject({ status: 403, body: { code: 'ACCESS_DENIED' } });
    }
    expect(await stack.call('GET', '/auth/me', { as })).toMatchObject({ status: 200, body: { session: null } });
  });
});

describe('me', () => {
  it('tells user, tenant, roles and session', async () => {
    const { identity, userId, tenantId } = await aPerson(stack);
    expect(await stack.call('GET', '/auth/me', { as: identity })).toMatchObject({
      status: 200,
      body: {
        user: { id: userId },
        tenant: { id: tenantId },
        roles: ['owner'],
        session: { id: identity.sessionId, current: true },
      },
    });
  });

  it.each([
    { who: 'nobody in particular', as: undefined, status: 401 },
    { who: 'a disabled user', as: anIdentity({ active: false }), status: 403 },
  ])('is closed to $who', async ({ as, status }) => {
    expect((await stack.call('GET', '/auth/me', as === undefined ? {} : { as })).status).toBe(status);
  });
});

describe('time', () => {
  it('ends a session that lies idle, and one that is too old', async () => {
    const idle = await AuthStack.start({ REFRESH_TOKEN_LIFETIME: '2h', SESSION_LIFETIME: '3h' });
    const alice = await aPerson(idle);
    idle.clock.advance(90 * 60_000);
    const { status, body } = await idle.post('/auth/refresh', { refreshToken: alice.refreshToken });
    expect(status).toBe(200);
    idle.clock.advance(95 * 60_000);
    expect((await idle.post('/auth/refresh', { refreshToken: body.refreshToken })).status).toBe(401);
    await idle.stop();
  }, 20_000);
});
