import { CredentialServiceService, UserStatus } from '@libs/grpc';
import { newId } from '@libs/persistence';
import { describeWith, startMariaDb, type TestServer } from '@libs/testing';

import { AuthStack } from './auth-stack.fixture.js';
import { aPerson, identityOf, newNames } from './person.fixture.js';

const password = 'a stable of horses';
const about = /invited/;

function invitations(stack: () => AuthStack): void {
  const send = (userId: string) => stack().to(CredentialServiceService).sendInvitation({ userId }, { as: 'service' });
  const accept = (token: string, chosen: object) =>
    stack().post('/auth/invitation:accept', { token, password, ...chosen });
  const login = async (name: string): Promise<number> =>
    (await stack().post('/auth/login', { login: name, password })).status;

  async function invited() {
    const { username, email } = newNames();
    const userId = stack().tenants.invite(email);
    await send(userId);
    return { username, email, userId, token: await stack().mailbox.token(email, about) };
  }

  it('open an account with the token of the letter: the reader chooses name and password, and the address is confirmed', async () => {
    const { username, email, userId, token } = await invited();
    expect(await login(email)).toBe(401);
    const opened = await accept(token, { username });
    expect(opened).toMatchObject({ status: 201, body: { user: { id: userId, username, status: 'active' } } });
    expect(opened.headers.get('location')).toBe('/users/me');
    expect(await login(username)).toBe(200);
    const { body } = await stack().post('/auth/login', { login: email, password });
    expect(body).toMatchObject({ user: { id: userId }, tenant: { id: opened.body.tenant.id } });
    const address = await stack().call('GET', '/auth/email', { as: identityOf(body.accessToken, username) });
    expect(address.body).toMatchObject({ email, verified: true });
  });

  it('are good once, also when fifty accept at once', async () => {
    const { username, token } = await invited();
    const passwords = Array.from({ length: 50 }, (_, at) => `${password} ${at}`);
    const answers = await Promise.all(passwords.map((one) => accept(token, { username, password: one })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const winner = answers.findIndex(({ status }) => status === 201);
    const body = { login: username, password: passwords[winner] };
    expect((await stack().post('/auth/login', body)).status).toBe(200);
    expect(await accept(token, { username })).toMatchObject({ status: 401, body: { code: 'AUTH_TOKEN_REJECTED' } });
  });

  it.each([
    { what: 'replaced by a later letter', spoil: ({ userId }: { userId: string }) => send(userId) },
    { what: 'too old', spoil: () => Promise.resolve(stack().clock.advance(7 * 24 * 3_600_000)) },
    {
      what: 'for somebody who is suspended by now',
      spoil: ({ userId }: { userId: string }) => {
        const user = stack().tenants.users.get(userId);
        if (user !== undefined) user.status = UserStatus.SUSPENDED;
        return Promise.resolve();
      },
    },
    {
      what: 'for another address than the one that is invited by now',
      spoil: ({ userId }: { userId: string }) => {
        const user = stack().tenants.users.get(userId);
        if (user !== undefined) user.email = newNames().email;
        return Promise.resolve();
      },
    },
  ])('are of no use when the letter is $what', async ({ spoil }) => {
    const one = await invited();
    await spoil(one);
    const { username, token } = one;
    expect(await accept(token, { username })).toMatchObject({ status: 401, body: { code: 'AUTH_TOKEN_REJECTED' } });
    expect(await login(username)).toBe(401);
  });

  it('do not take the token of another letter, and no other letter takes theirs', async () => {
    const alice = await aPerson(stack());
    const confirm = await stack().mailbox.token(alice.email, /Confirm/);
    const { username, token } = await invited();
    expect((await accept(confirm, { username })).status).toBe(401);
    expect((await stack().post('/auth/password:reset', { token, newPassword: password })).status).toBe(401);
    expect((await accept(token, { username })).status).toBe(201);
  });

  it('keep the token when a name is taken or the password is no good', async () => {
    const alice = await aPerson(stack());
    const { username, email, token } = await invited();
    expect(await accept(token, { username: alice.username })).toMatchObject({
      status: 409,
      body: { code: 'RESOURCE_NAME_TAKEN' },
    });
    expect((await accept(token, { username: 'admin' })).status).toBe(409);
    for (const bad of ['short', 'password123', email, username]) {
      const refused = await accept(token, { username, password: bad });
      expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: 'password' }] } });
    }
    expect((await accept(token, { username })).status).toBe(201);
  });

  it.each(['before it is applied', 'after it is applied'] as const)(
    'go on where they stopped when tenant-service was lost %s',
    async (fault) => {
      const { username, token } = await invited();
      stack().tenants.fault = fault;
      expect((await accept(token, { username })).status).toBe(503);
      stack().tenants.fault = 'none';
      expect((await accept(token, { username })).status).toBe(201);
      expect(await login(username)).toBe(200);
    },
  );

  it('go to nobody who is not invited', async () => {
    const { userId } = await aPerson(stack());
    await expect(send(userId)).rejects.toMatchObject({ code: 'RESOURCE_CONFLICT' });
    await expect(send(newId())).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
  });
}

describe('invitations to the platform on SQLite', () => {
  let stack: AuthStack;
  beforeAll(async () => {
    stack = await AuthStack.start();
  });
  afterAll(() => stack.stop());
  invitations(() => stack);

  it('are counted as guesses at one address', async () => {
    await stack.restart({ GUESSES_PER_ADDRESS: '3' });
    const headers = { 'x-forwarded-for': '192.0.2.77' };
    const guess = (n: number) =>
      stack.call('POST', '/auth/invitation:accept', {
        body: { token: `gtm_${String(n).padStart(43, 'A')}`, username: newNames().username, password },
        headers,
      });
    const statuses = [];
    for (let n = 0; n < 5; n += 1) statuses.push((await guess(n)).status);
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
  });
});

describeWith(['mariadbd', 'mariadb-install-db'], 'invitations to the platform on MariaDB', () => {
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
  invitations(() => stack);
});
