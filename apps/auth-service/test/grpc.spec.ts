import { MemoryEventBus } from '@libs/events';
import {
  ApiKeyServiceService,
  ApiKeyStatus,
  CredentialServiceService,
  SessionServiceService,
  SessionStatus,
  SigningKeyServiceService,
  SigningKeyState,
} from '@libs/grpc';
import { anIdentity, until } from '@libs/testing';
import { newContext, runInContext } from '@libs/trusted-headers';

import { AuthStack } from './auth-stack.fixture.js';
import { aPerson, logIn } from './person.fixture.js';

let stack: AuthStack;
beforeAll(async () => {
  stack = await AuthStack.start();
});
afterAll(() => stack.stop());

const asService = { as: 'service' } as const;
const sessions = () => stack.to(SessionServiceService);
const signingKeys = () => stack.to(SigningKeyServiceService);
const credentials = () => stack.to(CredentialServiceService);
const asUser = <T>(roles: readonly string[], work: () => Promise<T>): Promise<T> =>
  runInContext({ ...newContext(), identity: anIdentity({ roles }) }, work);

describe('SessionService', () => {
  it('tells a live session and whose it is', async () => {
    const { identity, userId, tenantId } = await aPerson(stack);
    const answer = await sessions().getSession({ sessionId: identity.sessionId }, asService);
    expect(answer).toEqual({ status: SessionStatus.ACTIVE, userId, tenantId, expireTime: expect.any(Date) });
  });

  it.each(['', 'nonsense', '01932c07-4e5a-7c1e-9b3f-2a6d8e4f0c11'])('answers that %j is unknown', async (sessionId) => {
    expect(await sessions().getSession({ sessionId }, asService)).toMatchObject({ status: SessionStatus.UNKNOWN });
  });

  it('ends all sessions of a user and tells each of them', async () => {
    const alice = await aPerson(stack);
    const other = await logIn(stack, alice);
    const told: string[] = [];
    const end = new MemoryEventBus().subscribe(['session.ended'], ({ payload }) => told.push(payload.sessionId));
    expect(await sessions().endUserSessions({ userId: alice.userId }, asService)).toEqual({ endedCount: 2 });
    expect(await sessions().endUserSessions({ userId: alice.userId }, asService)).toEqual({ endedCount: 0 });
    await until(
      () => told,
      (ids) => ids.length >= 2,
    );
    expect(told.toSorted()).toEqual([alice.identity.sessionId, other.identity.sessionId].toSorted());
    end();
  });
});

describe('CredentialService', () => {
  const login = (login: string, password: string) => stack.post('/auth/login', { login, password });

  it('sets a password and ends the sessions that the old one opened', async () => {
    const { userId, username, password, identity } = await aPerson(stack);
    await credentials().setPassword({ userId, password: 'another password' }, asService);
    expect((await login(username, password)).status).toBe(401);
    expect((await login(username, 'another password')).status).toBe(200);
    const { status } = await sessions().getSession({ sessionId: identity.sessionId }, asService);
    expect(status).toBe(SessionStatus.ENDED);
  });

  it('changes nothing when the password is the one that is set', async () => {
    const { userId, password, identity } = await aPerson(stack);
    await credentials().setPassword({ userId, password }, asService);
    const { status } = await sessions().getSession({ sessionId: identity.sessionId }, asService);
    expect(status).toBe(SessionStatus.ACTIVE);
  });

  it('refuses a password that is too short, and a user who does not exist', async () => {
    const { userId } = await aPerson(stack);
    await expect(credentials().setPassword({ userId, password: 'short' }, asService)).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
      errors: [expect.objectContaining({ field: 'password', code: 'TOO_SHORT' })],
    });
    const unknown = { userId: '01932c07-4e5a-7c1e-9b3f-2a6d8e4f0c11', password: 'long enough' };
    await expect(credentials().setPassword(unknown, asService)).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
  });

  it.each([
    { how: 'by call', forget: (userId: string) => credentials().deleteCredentials({ userId }, asService) },
    {
      how: 'by event',
      forget: (userId: string) => {
        stack.tenants.users.delete(userId);
        return new MemoryEventBus().publish({
          topic: 'user.deleted',
          key: userId,
          payload: { userId },
          id: userId,
          time: new Date().toISOString(),
        });
      },
    },
  ])('forgets a deleted user $how', async ({ forget }) => {
    const { userId, username, password, identity, refreshToken } = await aPerson(stack);
    const { key } = (await stack.post('/auth/api-keys', { name: 'robot' }, identity)).body;
    await forget(userId);
    await forget(userId);
    await until(
      () => stack.to(ApiKeyServiceService).resolveApiKey({ key }, asService),
      ({ status }) => status === ApiKeyStatus.REVOKED,
    );
    expect((await login(username, password)).status).toBe(401);
    expect((await stack.post('/auth/refresh', { refreshToken })).status).toBe(401);
    const { status } = await sessions().getSession({ sessionId: identity.sessionId }, asService);
    expect(status).toBe(SessionStatus.ENDED);
  });
});

describe('who may call', () => {
  const userId = '01932c07-4e5a-7c1e-9b3f-2a6d8e4f0c11';

  it.each([
    { call: 'GetSession', run: () => sessions().getSession({ sessionId: userId }) },
    { call: 'EndUserSessions', run: () => sessions().endUserSessions({ userId }) },
    { call: 'ResolveApiKey', run: () => stack.to(ApiKeyServiceService).resolveApiKey({ key: '' }) },
    { call: 'RecordApiKeyUses', run: () => stack.to(ApiKeyServiceService).recordApiKeyUses({ uses: [] }) },
    { call: 'ListSigningKeys', run: () => signingKeys().listSigningKeys({}) },
    { call: 'SetPassword', run: () => credentials().setPassword({ userId, password: 'long enough' }) },
    { call: 'ImportPasswordHash', run: () => credentials().importPasswordHash({ userId, passwordHash: '' }) },
    { call: 'RotateSigningKeys', run: () => signingKeys().rotateSigningKeys({}) },
    { call: 'DeleteCredentials', run: () => credentials().deleteCredentials({ userId }) },
  ])('refuses $call to a user', async ({ run }) => {
    await expect(asUser(['owner'], run)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
  });

  it('lets an administrator of the platform end the sessions of a user', async () => {
    const { userId: id } = await aPerson(stack);
    const answer = asUser(['platform-admin'], () => sessions().endUserSessions({ userId: id }));
    await expect(answer).resolves.toEqual({ endedCount: 1 });
  });

  it('lets an administrator of the platform rotate the signing keys', async () => {
    const { keyId, signTime } = await asUser(['platform-admin'], () => signingKeys().rotateSigningKeys({}));
    const { body } = await stack.call('GET', '/auth/.well-known/jwks.json');
    expect(body.keys.map(({ kid }: { kid: string }) => kid)).toContain(keyId);
    expect(signTime?.getTime()).toBeGreaterThan(stack.clock.now().getTime());

    const list = async () => (await asUser(['platform-admin'], () => signingKeys().listSigningKeys({}))).keys;
    const states = async () => (await list()).map(({ state }) => state);
    expect(await states()).toEqual([SigningKeyState.SIGNING, SigningKeyState.ANNOUNCED]);
    expect((await list())[1]).toMatchObject({ keyId, algorithm: 'RS256', signTime });
    stack.clock.advance(6 * 60_000);
    expect(await states()).toEqual([SigningKeyState.RETIRING, SigningKeyState.SIGNING]);
  });
});
