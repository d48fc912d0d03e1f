import { CredentialServiceService } from '@libs/grpc';
import { newId } from '@libs/persistence';
import { until } from '@libs/testing';

import { AuthStack } from './auth-stack.fixture.js';
import { aPerson, logIn, newNames, type Person } from './person.fixture.js';

const about = /Confirm/;

describe('the e-mail address of an account', () => {
  let stack: AuthStack;
  beforeAll(async () => {
    stack = await AuthStack.start({ ACCOUNT_URL: 'https://id.example.com/account/' });
  });
  afterAll(() => stack.stop());

  const stateOf = async ({ identity }: Person) => (await stack.call('GET', '/auth/email', { as: identity })).body;
  const verify = (token: string, as?: Person) => stack.post('/auth/email:verify', { token }, as?.identity);
  const change = ({ userId, identity }: Person, email: string) =>
    stack.to(CredentialServiceService).changeEmail({ userId, email, sessionId: identity.sessionId }, { as: 'service' });

  it('is confirmed with the token of the letter that follows the registration', async () => {
    const alice = await aPerson(stack);
    expect(await stateOf(alice)).toEqual({ email: alice.email, verified: false, verifiedAt: null });
    const letter = await stack.mailbox.latest(alice.email, about);
    const token = await stack.mailbox.token(alice.email, about);
    expect(letter.text).toContain(`https://id.example.com/account/verify-email#token=${token}`);
    expect(letter.text.replaceAll('\n', ' ')).toContain(`registered the account ${alice.username} at Gatehouse`);

    expect((await verify(token, alice)).status).toBe(204);
    expect(await stateOf(alice)).toEqual({ email: alice.email, verified: true, verifiedAt: expect.any(String) });
    const me = await stack.call('GET', '/auth/me', { as: alice.identity });
    expect(me.body.user).toMatchObject({ email: alice.email, emailVerified: true });
    expect(await verify(token)).toMatchObject({ status: 401, body: { code: 'AUTH_TOKEN_REJECTED' } });
  });

  it('is written to again on demand, until it is confirmed, and not too often', async () => {
    const alice = await aPerson(stack);
    const send = () => stack.post('/auth/email:send-verification', {}, alice.identity);
    expect((await send()).status).toBe(202);
    expect((await send()).status).toBe(202);
    expect((await send()).status).toBe(202);
    expect(await send()).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } });
    await verify(await stack.mailbox.token(alice.email, about));
    expect(await send()).toMatchObject({ status: 409, body: { code: 'RESOURCE_CONFLICT' } });
  });

  it('stays until another one is confirmed: what is sent goes to the one before, which is told at once', async () => {
    const alice = await aPerson(stack);
    await verify(await stack.mailbox.token(alice.email, about), alice);
    const [first, second] = [newId(), newId()].map((id) => `alice-${id}@example.com`) as [string, string];

    await change(alice, first);
    const told = await stack.mailbox.latest(alice.email, /Another e-mail address/);
    expect(told.text).toContain(alice.username);
    const former = await stack.mailbox.token(first, about);
    await change(alice, second);
    expect(await stateOf(alice)).toMatchObject({ email: alice.email, verified: true, pendingEmail: second });
    expect((await verify(former)).status).toBe(401);

    await stack.post('/auth/password:forgot', { login: alice.username });
    await stack.mailbox.latest(alice.email, /new password/);
    const reset = await stack.mailbox.token(alice.email, /new password/);
    const { text } = await stack.mailbox.latest(second, about);
    expect(text.replaceAll('\n', ' ')).toContain(`logged in to the account ${alice.username} at Gatehouse`);
    expect((await verify(await stack.mailbox.token(second, about), alice)).status).toBe(204);
    expect(await stateOf(alice)).toEqual({ email: second, verified: true, verifiedAt: expect.any(String) });
    await stack.mailbox.latest(alice.email, /has a new e-mail address/);
    // What was sent to the one before opens nothing any more.
    expect((await stack.post('/auth/password:reset', { token: reset, newPassword: 'a stable of horses' })).status).toBe(
      401,
    );
    expect(
      stack.mailbox
        .to(first)
        .concat(stack.mailbox.to(second))
        .filter(({ subject }) => !about.test(subject)),
    ).toEqual([]);
  });

  it('can be kept after all: what was asked for is void', async () => {
    const alice = await aPerson(stack);
    await verify(await stack.mailbox.token(alice.email, about), alice);
    const other = `alice-${newId()}@example.com`;
    await change(alice, other);
    const token = await stack.mailbox.token(other, about);
    await change(alice, alice.email.toUpperCase());
    expect(await stateOf(alice)).not.toHaveProperty('pendingEmail');
    expect((await verify(token)).status).toBe(401);
  });

  it('is changed by nobody whose last proof is old: the answer says what would be enough', async () => {
    const alice = await aPerson(stack);
    stack.clock.advance(11 * 60_000);
    const { stepUpNeeded } = await change(alice, `new-${alice.email}`);
    expect(stepUpNeeded).toEqual({ methods: ['password'], maxAge: 600 });
    expect(await stateOf(alice)).not.toHaveProperty('pendingEmail');
    const { stepUpNeeded: ofOthers } = await change({ ...alice, userId: (await aPerson(stack)).userId }, alice.email);
    expect(ofOthers).toBeDefined();
  });

  it('that somebody else has confirmed is confirmed by nobody else, and only its reader is told', async () => {
    const [alice, mallory] = [await aPerson(stack), await aPerson(stack)];
    await verify(await stack.mailbox.token(alice.email, about), alice);
    expect(await change(mallory, alice.email)).toEqual(await change(mallory, `free-${mallory.email}`));
    const { text } = await stack.mailbox.latest(alice.email, /an account already/);
    expect(text).not.toMatch(/gtm_/);
  });

  it('belongs to whoever confirms it first of those who entered it', async () => {
    const mallory = await aPerson(stack);
    const hers = await stack.mailbox.token(mallory.email, about);
    const alice = { ...newNames(), email: mallory.email };
    await stack.post('/auth/register', alice);
    const identity = await logIn(stack, { ...alice, username: alice.email });
    const [letter] = await until(
      () => stack.mailbox.to(alice.email).filter(({ text }) => text.includes(alice.username)),
      (found) => found.length === 1,
    );
    const [token = ''] = /gtm_[\w-]{43}/.exec(letter?.text ?? '') ?? [];
    expect((await stack.post('/auth/email:verify', { token }, identity.identity)).status).toBe(204);
    expect((await verify(hers, mallory)).status).toBe(401);
    expect(await stateOf(mallory)).toMatchObject({ verified: false });
    // Nor by a letter that is meant for whoever has forgotten a password.
    await stack.post('/auth/password:forgot', { login: mallory.username });
    await stack.post('/auth/password:forgot', { login: alice.username });
    const reset = await stack.mailbox.latest(alice.email, /new password/);
    expect(reset.text).toContain(alice.username);
    expect(
      stack.mailbox
        .to(alice.email)
        .filter(({ text, subject }) => /new password/.test(subject) && text.includes(mallory.username)),
    ).toEqual([]);
  });

  it('is nobody else’s business, and letters are not sent for an API key', async () => {
    const alice = await aPerson(stack);
    expect((await stack.call('GET', '/auth/email')).status).toBe(401);
    const apiKey = { ...alice.identity, authMethod: 'api-key' as const, sessionId: '', apiKeyId: 'some-key' };
    expect((await stack.post('/auth/email:send-verification', {}, apiKey)).status).toBe(403);
  });

  it('of the first administrator, which is a setting, gets no letter', async () => {
    const own = await AuthStack.start({ ADMIN_PASSWORD: 'correct horse battery', ADMIN_EMAIL: 'root@example.com' });
    try {
      const alice = await aPerson(own);
      await own.mailbox.latest(alice.email, about);
      expect(own.mailbox.to('root@example.com')).toEqual([]);
    } finally {
      await own.stop();
    }
  });
});
