import { CredentialServiceService } from '@libs/grpc';
import { newId } from '@libs/persistence';
import { describeWith, startMariaDb, type TestServer, until } from '@libs/testing';

import { AuthStack } from './auth-stack.fixture.js';
import { withTotp } from './factors.fixture.js';
import { aPerson, logIn } from './person.fixture.js';

const newPassword = 'a stable of horses';

/** Somebody who has entered an address that may be somebody else's, with every way in that one can bind to an account. */
async function aSquatter(stack: AuthStack) {
  const squatter = await withTotp(stack);
  const made = await stack.post('/auth/api-keys', { name: 'back door' }, squatter.identity);
  return { ...squatter, keyId: made.body.id as string };
}

function firstProofs(stack: () => AuthStack): void {
  const waysIn = async ({ identity }: Awaited<ReturnType<typeof aSquatter>>) => {
    const [factors, keys, sessions] = await Promise.all(
      ['/auth/second-factors', '/auth/api-keys', '/auth/sessions'].map((path) =>
        stack().call('GET', path, { as: identity }),
      ),
    );
    return {
      factors: factors?.body,
      keys: keys?.body.items.length as number,
      sessions: sessions?.body.items.map(({ id }: { id: string }) => id) as string[],
    };
  };
  const nothing = { totp: null, passkeys: 0, recoveryCodesLeft: 0 };
  const verify = async (email: string, as?: Parameters<AuthStack['post']>[2]) =>
    stack().post('/auth/email:verify', { token: await stack().mailbox.token(email, /Confirm/) }, as);

  it('by a letter end every session, key and second factor that was there before', async () => {
    const squatter = await aSquatter(stack());
    expect(await waysIn(squatter)).toMatchObject({ keys: 1, factors: { recoveryCodesLeft: 10 } });
    expect((await verify(squatter.email)).status).toBe(204);
    expect(await waysIn(squatter)).toEqual({ keys: 0, factors: expect.objectContaining(nothing), sessions: [] });
    expect((await stack().post('/auth/refresh', { refreshToken: squatter.refreshToken })).status).toBe(401);
    expect(stack().tenants.confirmations).toContainEqual({
      userId: squatter.userId,
      email: squatter.email,
      isFirst: true,
    });
  });

  it('in a session of the account keep that session, and no other', async () => {
    const squatter = await aSquatter(stack());
    const other = await aPerson(stack());
    expect((await verify(squatter.email, squatter.identity)).status).toBe(204);
    expect(await waysIn(squatter)).toEqual({
      keys: 0,
      factors: expect.objectContaining(nothing),
      sessions: [squatter.identity.sessionId],
    });
    // A session of somebody else is none of the account.
    const third = await aSquatter(stack());
    await verify(third.email, other.identity);
    expect((await waysIn(third)).sessions).toEqual([]);
  });

  it('by a reset that an operator has sent let nobody in who was in before', async () => {
    const squatter = await aSquatter(stack());
    await stack().to(CredentialServiceService).sendPasswordReset({ userId: squatter.userId }, { as: 'service' });
    const token = await stack().mailbox.token(squatter.email, /new password/);
    expect((await stack().post('/auth/password:reset', { token, newPassword })).status).toBe(204);
    expect(await waysIn(squatter)).toEqual({ keys: 0, factors: expect.objectContaining(nothing), sessions: [] });
    const login = (password: string) => stack().post('/auth/login', { login: squatter.email, password });
    expect([(await login(squatter.password)).status, (await login(newPassword)).status]).toEqual([401, 200]);
  });

  it('are first once: a later address, a reset or another proof ends no second factor and no key', async () => {
    const alice = await aPerson(stack());
    await verify(alice.email, alice.identity);
    const { body } = await stack().post('/auth/api-keys', { name: 'robot' }, alice.identity);
    const wanted = { userId: alice.userId, email: `${newId()}@example.com`, sessionId: alice.identity.sessionId };
    await stack().to(CredentialServiceService).changeEmail(wanted, { as: 'service' });
    expect((await verify(wanted.email)).status).toBe(204);
    const keys = await stack().call('GET', '/auth/api-keys', { as: alice.identity });
    expect(keys.body.items.map(({ id }: { id: string }) => id)).toEqual([body.id]);
    expect(stack().tenants.confirmations.at(-1)).toMatchObject({ email: wanted.email, isFirst: false });
  });

  it('of who was deleted and restored are not the first', async () => {
    const alice = await aPerson(stack());
    // As tenant-service knows them then; what auth-service knew went with the deletion.
    Object.assign(stack().tenants.users.get(alice.userId) ?? {}, { emailVerified: true });
    const email = `${newId()}@example.com`;
    const wanted = { userId: alice.userId, email, sessionId: alice.identity.sessionId };
    await stack().to(CredentialServiceService).changeEmail(wanted, { as: 'service' });
    await stack().mailbox.latest(alice.email, /Another e-mail address/);
    await stack().post('/auth/api-keys', { name: 'robot' }, alice.identity);
    expect((await verify(email)).status).toBe(204);
    expect((await stack().call('GET', '/auth/api-keys', { as: alice.identity })).body.items).toHaveLength(1);
    await stack().mailbox.latest(alice.email, /has a new e-mail address/);
  });

  it('are told to tenant-service later when it is away, and count at once', async () => {
    const alice = await aPerson(stack());
    const token = await stack().mailbox.token(alice.email, /Confirm/);
    stack().tenants.fault = 'before it is applied';
    expect((await stack().post('/auth/email:verify', { token }, alice.identity)).status).toBe(204);
    const toldOf = () => stack().tenants.confirmations.filter(({ userId }) => userId === alice.userId).length;
    expect(toldOf()).toBe(0);
    stack().tenants.fault = 'none';
    await until(toldOf, (count) => count === 1);
  });

  it('by an invitation of a tenant give the account its address, unless it has confirmed another', async () => {
    const [alice, bob] = [await aPerson(stack()), await aPerson(stack())];
    const email = `${newId()}@example.com`;
    const prove = ({ userId, identity }: typeof alice, address = email) =>
      stack()
        .to(CredentialServiceService)
        .proveEmail({ userId, email: address, sessionId: identity.sessionId }, { as: 'service' });
    await prove(alice);
    const state = await stack().call('GET', '/auth/email', { as: alice.identity });
    expect(state.body).toMatchObject({ email, verified: true });
    expect((await stack().call('GET', '/auth/sessions', { as: alice.identity })).body.items).toHaveLength(1);
    await expect(prove(bob)).rejects.toMatchObject({ code: 'RESOURCE_CONFLICT' });
    await verify(bob.email, bob.identity);
    await expect(prove(bob, `${newId()}@example.com`)).rejects.toMatchObject({ code: 'RESOURCE_CONFLICT' });
    await expect(logIn(stack(), alice)).resolves.toBeDefined();
  });
}

describe('first proofs of an address on SQLite', () => {
  let stack: AuthStack;
  beforeAll(async () => {
    stack = await AuthStack.start();
  });
  afterAll(() => stack.stop());
  firstProofs(() => stack);
});

describeWith(['mariadbd', 'mariadb-install-db'], 'first proofs of an address on MariaDB', () => {
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
  firstProofs(() => stack);
});
