import { CredentialServiceService, UserOrigin } from '@libs/grpc';
import { newId } from '@libs/persistence';
import { describeWith, startMariaDb, type TestServer, until } from '@libs/testing';

import { AuthStack } from './auth-stack.fixture.js';
import { aConfirmedPerson, aPerson, logIn, newNames, type Person } from './person.fixture.js';

const newPassword = 'a battery of horses';
const about = /new password/;
const never = (): never => {
  throw new Error('there is no such user');
};

function forgottenPasswords(stack: () => AuthStack): void {
  const forgot = (login: string) => stack().post('/auth/password:forgot', { login });
  const reset = (token: string, password = newPassword) =>
    stack().post('/auth/password:reset', { token, newPassword: password });
  const login = async (name: string, password: string): Promise<number> =>
    (await stack().post('/auth/login', { login: name, password })).status;
  const tokenFor = async ({ email, username }: Person): Promise<string> => {
    expect((await forgot(username)).status).toBe(202);
    return stack().mailbox.token(email, about);
  };

  it('are replaced with the token of a letter, which ends all sessions and is told by another letter', async () => {
    const alice = await aConfirmedPerson(stack());
    const token = await tokenFor(alice);
    expect((await reset(token)).status).toBe(204);

    expect(await login(alice.username, alice.password)).toBe(401);
    expect(await login(alice.username, newPassword)).toBe(200);
    expect((await stack().post('/auth/refresh', { refreshToken: alice.refreshToken })).status).toBe(401);
    await stack().mailbox.latest(alice.email, /was changed/);
  });

  it('are answered alike whether or not there is such an account, and strangers get no letter', async () => {
    const alice = await aConfirmedPerson(stack());
    const stranger = newNames();
    const answers = [await forgot(alice.email), await forgot(stranger.email), await forgot(stranger.username)];
    const [known, ...unknown] = answers.map(({ status, body }) => ({ status, body }));
    expect(unknown).toEqual([known, known]);
    await stack().mailbox.latest(alice.email, about);
    expect(stack().mailbox.to(stranger.email)).toEqual([]);
  });

  it('are replaced once with one token, also by fifty at once', async () => {
    const alice = await aConfirmedPerson(stack());
    const token = await tokenFor(alice);
    const passwords = Array.from({ length: 20 }, (_, at) => `${newPassword} ${at}`);
    const answers = await Promise.all(passwords.map((password) => reset(token, password)));
    const winner = answers.findIndex(({ status }) => status === 204);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, ...Array<number>(19).fill(401)]);
    expect(await login(alice.username, passwords[winner] ?? '')).toBe(200);
    expect(await reset(token)).toMatchObject({ status: 401, body: { code: 'AUTH_TOKEN_REJECTED' } });
  });

  it.each([
    { what: 'never sent', spoil: () => Promise.resolve(`gtm_${'A'.repeat(43)}`) },
    { what: 'no token at all', spoil: () => Promise.resolve('please') },
    {
      what: 'too old',
      spoil: async (alice: Person) => {
        const token = await tokenFor(alice);
        stack().clock.advance(10 * 60_000);
        return token;
      },
    },
    {
      what: 'meant for something else',
      spoil: async () => stack().mailbox.token((await aPerson(stack())).email, /Confirm/),
    },
    {
      what: 'older than the password',
      spoil: async (alice: Person) => {
        const token = await tokenFor(alice);
        const body = { currentPassword: alice.password, newPassword: 'another battery' };
        expect((await stack().post('/auth/password', body, alice.identity)).status).toBe(204);
        return token;
      },
    },
  ])('are not replaced with a token that is $what', async ({ spoil }) => {
    const alice = await aConfirmedPerson(stack());
    const token = await spoil(alice);
    expect(await reset(token)).toMatchObject({ status: 401, body: { code: 'AUTH_TOKEN_REJECTED' } });
    expect(await login(alice.username, newPassword)).toBe(401);
  });

  it('keep the token when the new one is no good', async () => {
    const alice = await aConfirmedPerson(stack());
    const token = await tokenFor(alice);
    for (const password of ['short', 'password123', alice.username]) {
      expect(await reset(token, password)).toMatchObject({ status: 400, body: { errors: [{ field: 'newPassword' }] } });
    }
    expect((await reset(token)).status).toBe(204);
  });

  it('are not replaced for somebody who is disabled, and no address is filled with letters', async () => {
    const [bob, alice] = [await aConfirmedPerson(stack()), await aConfirmedPerson(stack())];
    stack().tenants.disable(bob.userId);
    for (let tries = 0; tries < 6; tries += 1) {
      expect((await forgot(bob.username)).status).toBe(202);
      expect((await forgot(alice.username)).status).toBe(202);
    }
    const reminders = (email: string) =>
      stack()
        .mailbox.to(email)
        .filter(({ subject }) => about.test(subject)).length;
    await until(
      () => reminders(alice.email),
      (count) => count === 3,
    );
    expect(reminders(bob.email)).toBe(0);
  });

  it('are not replaced through an address that a thief has entered', async () => {
    const alice = await aConfirmedPerson(stack());
    const user = stack().tenants.users.get(alice.userId);
    const thief = `thief-${newId()}@example.com`;
    if (user !== undefined) user.email = thief;
    await forgot(alice.username);
    await stack().mailbox.latest(alice.email, about);
    expect(stack().mailbox.to(thief)).toEqual([]);
  });

  it.each<{ who: string; origin?: UserOrigin; hasPassword: boolean; opens: boolean }>([
    { who: 'has registered', origin: UserOrigin.REGISTRATION, hasPassword: true, opens: false },
    { who: 'has registered and was restored', origin: UserOrigin.REGISTRATION, hasPassword: false, opens: false },
    { who: 'was imported with a password', origin: UserOrigin.OPERATOR, hasPassword: true, opens: true },
    { who: 'was made by an operator', origin: UserOrigin.OPERATOR, hasPassword: false, opens: true },
    { who: 'was there before origins were written down', hasPassword: true, opens: false },
    { who: 'was there before and has no password', hasPassword: false, opens: true },
    { who: 'has an origin of a later version', origin: 99 as UserOrigin, hasPassword: true, opens: false },
  ])('of who $who, and has confirmed no address, are replaced by a letter: $opens', async (account) => {
    const alice = await aPerson(stack());
    // As an operator, an import, a restore or an older version leaves an account.
    const { origin, ...user } = stack().tenants.users.get(alice.userId) ?? never();
    expect(origin).toBe(UserOrigin.REGISTRATION);
    stack().tenants.users.set(alice.userId, { ...user, origin: account.origin });
    const credentials = stack().to(CredentialServiceService);
    if (!account.hasPassword) {
      await credentials.deleteCredentials({ userId: alice.userId }, { as: 'service' });
    }
    const answer = await forgot(alice.email);
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 202, body: undefined });
    const { subject, text } = await stack().mailbox.latest(alice.email, /new password|opens no account/);
    expect([about.test(subject), /gtm_/.test(text)]).toEqual([account.opens, account.opens]);
    if (account.opens) expect((await reset(await stack().mailbox.token(alice.email, about))).status).toBe(204);
    else
      expect(text.replaceAll('\n', ' ')).toMatch(
        /was never confirmed.*register with this address.*ask an administrator/,
      );
    expect(await login(alice.username, alice.password)).toBe(account.hasPassword && !account.opens ? 200 : 401);
  });

  it('fill no address that was entered for many accounts', async () => {
    const email = newNames().email;
    const names = Array.from({ length: 7 }, () => newNames().username);
    for (const username of names) {
      expect((await stack().post('/auth/register', { ...newNames(), username, email })).status).toBe(201);
    }
    for (const username of names) expect((await forgot(username)).status).toBe(202);
    const bob = await aConfirmedPerson(stack());
    await forgot(bob.username);
    await stack().mailbox.latest(bob.email, about);
    expect(stack().mailbox.to(email).length).toBeLessThanOrEqual(5);
  });

  it('show nothing of a token in the answer or in a second login', async () => {
    const alice = await aConfirmedPerson(stack());
    const answer = await forgot(alice.username);
    expect(answer.body).toBeUndefined();
    expect(await logIn(stack(), alice)).toMatchObject({ accessToken: expect.any(String) });
  });
}

describe('forgotten passwords on SQLite', () => {
  let stack: AuthStack;
  beforeAll(async () => {
    stack = await AuthStack.start();
  });
  afterAll(() => stack.stop());
  forgottenPasswords(() => stack);
});

describeWith(['mariadbd', 'mariadb-install-db'], 'forgotten passwords on MariaDB', () => {
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
  forgottenPasswords(() => stack);
});
