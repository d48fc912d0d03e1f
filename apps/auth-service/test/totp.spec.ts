import { describeWith, startMariaDb, type TestServer } from '@libs/testing';
import type { Identity } from '@libs/trusted-headers';

import { AuthStack } from './auth-stack.fixture.js';
import { beginLogin, codesOf, withTotp } from './factors.fixture.js';
import { aConfirmedPerson, aPerson, claimsOf, identityOf, logIn } from './person.fixture.js';

const statuses = (answers: readonly { status: number }[]) => answers.map(({ status }) => status).toSorted();

function authenticatorApps(stack: () => AuthStack): void {
  const complete = (body: object, address = '192.0.2.200') =>
    stack().call('POST', '/auth/login:complete', { body, headers: { 'x-forwarded-for': address } });
  const factorsOf = async ({ identity }: { identity: Identity }) =>
    (await stack().call('GET', '/auth/second-factors', { as: identity })).body;

  it('is asked for at the login once it is confirmed, and tokens tell how', async () => {
    const alice = await withTotp(stack());
    const { answer, challenge } = await beginLogin(stack(), alice);
    expect(answer).toMatchObject({
      status: 401,
      body: { code: 'AUTH_SECOND_FACTOR_REQUIRED', challenge: { methods: ['totp', 'recovery-code'], expiresIn: 300 } },
    });
    expect(JSON.stringify(answer.body)).not.toContain('accessToken');

    const done = await complete({ challenge, totp: alice.code() });
    expect(done).toMatchObject({ status: 200, body: { tokenType: 'Bearer', user: { id: alice.userId } } });
    expect(claimsOf(done.body.accessToken)).toMatchObject({ sub: alice.userId, amr: ['pwd', 'otp', 'mfa'] });
    const refreshed = await stack().post('/auth/refresh', { refreshToken: done.body.refreshToken });
    expect(claimsOf(refreshed.body.accessToken).amr).toEqual(['pwd', 'otp', 'mfa']);
  });

  it('changes nothing for an account without one, or before it is confirmed', async () => {
    const alice = await aPerson(stack());
    const begun = await stack().post('/auth/totp', {}, alice.identity);
    expect(begun.body.uri).toMatch(/^otpauth:\/\/totp\/Gatehouse:person-.*secret=/);
    expect(claimsOf((await logIn(stack(), alice)).accessToken).amr).toEqual(['pwd']);
    expect(await factorsOf(alice)).toEqual({ totp: null, passkeys: 0, recoveryCodesLeft: 0 });
  });

  it('is confirmed with a code of its own, and with none that was used for it', async () => {
    const alice = await aPerson(stack());
    const { secret } = (await stack().post('/auth/totp', {}, alice.identity)).body;
    const code = codesOf(stack(), secret)();
    const wrong = code === '000000' ? '111111' : '000000';
    const confirm = (text: string) => stack().post('/auth/totp:confirm', { code: text }, alice.identity);
    expect(await confirm(wrong)).toMatchObject({ status: 400, body: { errors: [{ field: 'code', code: 'WRONG' }] } });
    const confirmed = await confirm(code);
    expect(new Set(confirmed.body.recoveryCodes).size).toBe(10);
    expect((await confirm(code)).status).toBe(400);
    expect((await stack().post('/auth/totp', {}, alice.identity)).status).toBe(409);
    const { challenge } = await beginLogin(stack(), alice);
    expect(await complete({ challenge, totp: code })).toMatchObject({ body: { code: 'AUTH_SECOND_FACTOR_FAILED' } });
    await stack().mailbox.latest(alice.email, /authenticator app was added/);
  });

  it('accepts a code once, also of fifty at once', async () => {
    const alice = await withTotp(stack());
    const challenges: string[] = [];
    for (let login = 0; login < 4; login += 1) {
      challenges.push((await beginLogin(stack(), alice, `192.0.2.${login}`)).challenge);
    }
    const answers = await Promise.all(
      challenges.map((challenge, at) => complete({ challenge, totp: alice.code() }, `192.0.2.${at}`)),
    );
    expect(statuses(answers)).toEqual([200, 401, 401, 401]);
  });

  it.each([
    { steps: -1, status: 200 },
    { steps: 1, status: 200 },
    { steps: -2, status: 401 },
    { steps: 2, status: 401 },
  ])('answers $status to a code that is $steps steps off', async ({ steps, status }) => {
    const alice = await withTotp(stack());
    stack().clock.advance(60_000);
    const { challenge } = await beginLogin(stack(), alice);
    expect((await complete({ challenge, totp: alice.code(steps) })).status).toBe(status);
  });

  it('takes a challenge once, for minutes, and not after the password has changed', async () => {
    const alice = await withTotp(stack(), await aConfirmedPerson(stack()));
    const { challenge } = await beginLogin(stack(), alice);
    expect((await complete({ challenge, totp: alice.code() })).status).toBe(200);
    stack().clock.advance(30_000);
    const rejected = { status: 401, body: { code: 'AUTH_CHALLENGE_REJECTED' } };
    expect(await complete({ challenge, totp: alice.code() })).toMatchObject(rejected);

    const { challenge: late } = await beginLogin(stack(), alice);
    stack().clock.advance(300_000);
    expect(await complete({ challenge: late, totp: alice.code() })).toMatchObject(rejected);

    const { challenge: before } = await beginLogin(stack(), alice);
    await stack().post('/auth/password:forgot', { login: alice.username });
    const token = await stack().mailbox.token(alice.email, /new password/);
    expect((await stack().post('/auth/password:reset', { token, newPassword: 'a battery of horses' })).status).toBe(
      204,
    );
    expect(await complete({ challenge: before, totp: alice.code() })).toMatchObject(rejected);
    const { answer } = await beginLogin(stack(), { ...alice, password: 'a battery of horses' });
    expect(answer.body.code).toBe('AUTH_SECOND_FACTOR_REQUIRED');
  });

  it.each(['', 'x', 'a.b', 'a.b.c', `${Buffer.from('{}').toString('base64url')}.x`])(
    'takes no challenge that was never issued: %j',
    async (challenge) => {
      const answer = await complete({ challenge, totp: '000000' });
      expect(answer.status).toBe(challenge === '' ? 400 : 401);
    },
  );

  it('has recovery codes that work once each, however they are typed, and are told by letter', async () => {
    const alice = await withTotp(stack());
    const [first = '', second = ''] = alice.recoveryCodes;
    const use = async (recoveryCode: string) => {
      const { challenge } = await beginLogin(stack(), alice);
      return complete({ challenge, recoveryCode });
    };
    expect((await use(first)).status).toBe(200);
    expect((await use(first)).status).toBe(401);
    expect((await use(second.toUpperCase().replaceAll('-', ' '))).status).toBe(200);
    await stack().mailbox.latest(alice.email, /recovery code/);
    expect(await factorsOf(alice)).toMatchObject({ recoveryCodesLeft: 8 });
  });

  it('is removed with its recovery codes, by a session that has shown it', async () => {
    const alice = await withTotp(stack());
    expect((await stack().call('DELETE', '/auth/totp', { as: alice.identity })).status).toBe(204);
    expect(await factorsOf(alice)).toEqual({ totp: null, passkeys: 0, recoveryCodesLeft: 0 });
    expect((await logIn(stack(), alice)).accessToken).toEqual(expect.any(String));
    expect((await stack().call('DELETE', '/auth/totp', { as: alice.identity })).status).toBe(404);
  });

  it('gives new recovery codes in place of the old ones', async () => {
    const alice = await withTotp(stack());
    const { recoveryCodes } = (await stack().post('/auth/recovery-codes', {}, alice.identity)).body;
    expect(recoveryCodes).toHaveLength(10);
    const { challenge } = await beginLogin(stack(), alice);
    expect((await complete({ challenge, recoveryCode: alice.recoveryCodes[0] })).status).toBe(401);
    expect((await complete({ challenge, recoveryCode: recoveryCodes[0] })).status).toBe(200);
    const bob = await aPerson(stack());
    expect((await stack().post('/auth/recovery-codes', {}, bob.identity)).status).toBe(409);
  });

  it('is forgotten with its user', async () => {
    const alice = await withTotp(stack());
    const { CredentialServiceService } = await import('@libs/grpc');
    await stack().to(CredentialServiceService).deleteCredentials({ userId: alice.userId }, { as: 'service' });
    const identity = identityOf(alice.accessToken, alice.username);
    expect(await factorsOf({ identity })).toEqual({ totp: null, passkeys: 0, recoveryCodesLeft: 0 });
  });

  it.each([
    { what: 'no factor', proof: {} },
    { what: 'two factors', proof: { totp: '123456', recoveryCode: 'abcd-efgh-jkmn-pqrs-tuvw-xyz2' } },
    { what: 'a code of five digits', proof: { totp: '12345' } },
  ])('refuses $what without looking at it', async ({ proof }) => {
    expect(await complete({ challenge: 'some', ...proof })).toMatchObject({
      status: 400,
      body: { code: 'REQUEST_INVALID' },
    });
  });
}

describe('an authenticator app, on SQLite', () => {
  let stack: AuthStack;
  beforeAll(async () => {
    stack = await AuthStack.start();
  });
  afterAll(() => stack.stop());
  authenticatorApps(() => stack);
});

describeWith(['mariadbd', 'mariadb-install-db'], 'an authenticator app, on MariaDB', () => {
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
  authenticatorApps(() => stack);
});
