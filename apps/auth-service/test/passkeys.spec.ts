import { describeWith, startMariaDb, type TestServer } from '@libs/testing';

import { AuthStack } from './auth-stack.fixture.js';
import { addPasskey, beginLogin, passkeyOptions } from './factors.fixture.js';
import { aPerson, claimsOf, identityOf } from './person.fixture.js';
import { SoftwareAuthenticator } from './software-authenticator.fixture.js';

function passkeys(stack: () => AuthStack): void {
  const login = (response: object) => stack().post('/auth/login:passkey', { response });

  it.each([
    { kind: 'that cannot leave its authenticator', synchronised: false, amr: ['hwk', 'mfa'] },
    { kind: 'that is synchronised', synchronised: true, amr: ['swk', 'mfa'] },
  ])('logs in alone, with one $kind', async ({ synchronised, amr }) => {
    const alice = await aPerson(stack());
    const { authenticator, added } = await addPasskey(stack(), alice, new SoftwareAuthenticator(synchronised));
    expect(added).toMatchObject({ status: 201, body: { name: 'a phone', synchronised } });
    expect(added.body.recoveryCodes).toHaveLength(10);

    for (let times = 0; times < 2; times += 1) {
      const answer = await login(authenticator.assert(await passkeyOptions(stack())));
      expect(answer).toMatchObject({ status: 200, body: { user: { id: alice.userId } } });
      expect(claimsOf(answer.body.accessToken)).toMatchObject({ sub: alice.userId, amr });
    }
    const listed = await stack().call('GET', '/auth/passkeys', { as: alice.identity });
    expect(listed.body.items).toEqual([expect.objectContaining({ name: 'a phone', lastUsedAt: expect.any(String) })]);
    await stack().mailbox.latest(alice.email, /passkey was added/);
  });

  it('is the second factor of a login with a password', async () => {
    const alice = await aPerson(stack());
    const { authenticator } = await addPasskey(stack(), alice);
    const { answer, challenge } = await beginLogin(stack(), alice);
    expect(answer.body).toMatchObject({ challenge: { methods: ['passkey', 'recovery-code'] } });
    const passkey = authenticator.assert(await passkeyOptions(stack()));
    const done = await stack().post('/auth/login:complete', { challenge, passkey });
    expect(claimsOf(done.body.accessToken).amr).toEqual(['pwd', 'hwk', 'mfa']);
  });

  it('answers each challenge once, and not for long', async () => {
    const alice = await aPerson(stack());
    const { authenticator } = await addPasskey(stack(), alice);
    const options = await passkeyOptions(stack());
    expect((await login(authenticator.assert(options))).status).toBe(200);
    expect(await login(authenticator.assert(options))).toMatchObject({
      status: 401,
      body: { code: 'AUTH_SECOND_FACTOR_FAILED' },
    });
    const late = await passkeyOptions(stack());
    stack().clock.advance(300_000);
    expect((await login(authenticator.assert(late))).status).toBe(401);
  });

  it('lets one of many in who answer with one and the same counter', async () => {
    const alice = await aPerson(stack());
    const { authenticator } = await addPasskey(stack(), alice);
    const options = await Promise.all(Array.from({ length: 5 }, () => passkeyOptions(stack())));
    const assertions = options.map((one) => {
      authenticator.counter = 7;
      return authenticator.assert(one);
    });
    const answers = await Promise.all(assertions.map(login));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401, 401, 401, 401]);
  });

  it('is refused when its counter goes back, as that of a copy does', async () => {
    const alice = await aPerson(stack());
    const { authenticator } = await addPasskey(stack(), alice);
    authenticator.counter = 10;
    expect((await login(authenticator.assert(await passkeyOptions(stack())))).status).toBe(200);
    authenticator.counter = 5;
    expect((await login(authenticator.assert(await passkeyOptions(stack())))).status).toBe(401);
  });

  it.each([
    { what: 'another origin', quirks: { origin: 'https://evil.example' } },
    { what: 'another domain', quirks: { rpId: 'evil.example' } },
    { what: 'an authenticator that has not asked its owner', quirks: { unverified: true } },
  ])('is refused from $what, when it is made and when it is used', async ({ quirks }) => {
    const alice = await aPerson(stack());
    const begun = await stack().post('/auth/passkeys:begin', {}, alice.identity);
    const made = new SoftwareAuthenticator().register(begun.body.options, quirks);
    expect(await stack().post('/auth/passkeys', { name: 'x', response: made }, alice.identity)).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'response', code: 'NOT_ALLOWED' }] },
    });
    const { authenticator } = await addPasskey(stack(), alice);
    expect((await login(authenticator.assert(await passkeyOptions(stack()), quirks))).status).toBe(401);
    expect((await login(authenticator.assert(await passkeyOptions(stack())))).status).toBe(200);
  });

  it('is refused with another’s signature, another’s name, or a challenge that nobody has issued', async () => {
    const [alice, bob] = [await aPerson(stack()), await aPerson(stack())];
    const { authenticator: ofAlice } = await addPasskey(stack(), alice);
    const { authenticator: ofBob } = await addPasskey(stack(), bob);
    const forged = ofAlice.assert(await passkeyOptions(stack()));
    const bobs = ofBob.assert(await passkeyOptions(stack()));
    expect((await login({ ...forged, id: bobs.id, rawId: bobs.id })).status).toBe(401);
    const renamed = { ...bobs, response: { ...bobs.response, userHandle: forged.response.userHandle } };
    expect((await login(renamed)).status).toBe(401);
    const unasked = ofAlice.assert({ challenge: Buffer.from('x.y').toString('base64url'), rpId: 'localhost' });
    expect((await login(unasked)).status).toBe(401);
  });

  it('of somebody else is no second factor', async () => {
    const [alice, mallory] = [await aPerson(stack()), await aPerson(stack())];
    await addPasskey(stack(), alice);
    const { authenticator } = await addPasskey(stack(), mallory);
    const { challenge } = await beginLogin(stack(), alice);
    const passkey = authenticator.assert(await passkeyOptions(stack()));
    expect((await stack().post('/auth/login:complete', { challenge, passkey })).status).toBe(401);
  });

  it('is added once, for whom the challenge was issued, and with no certificate to follow', async () => {
    const [alice, bob] = [await aPerson(stack()), await aPerson(stack())];
    const { response } = await addPasskey(stack(), alice);
    const add = (answer: object, who = alice) =>
      stack().post('/auth/passkeys', { name: 'again', response: answer }, who.identity);
    expect(await add(response)).toMatchObject({ status: 401, body: { code: 'AUTH_CHALLENGE_REJECTED' } });

    const begin = async (who = alice) => (await stack().post('/auth/passkeys:begin', {}, who.identity)).body.options;
    const authenticator = new SoftwareAuthenticator();
    expect((await add(authenticator.register(await begin()), bob)).status).toBe(401);
    expect((await add(authenticator.register(await begin()))).status).toBe(201);
    expect((await add(authenticator.register(await begin(bob)), bob)).status).toBe(409);

    const statement = { fmt: 'packed', attStmt: new Map<string, unknown>([['x5c', [Buffer.from('a certificate')]]]) };
    const certified = new SoftwareAuthenticator().register(await begin(), {}, statement);
    expect((await add(certified)).status).toBe(400);
  });

  it('is removed by its owner alone, and logs nobody in after that', async () => {
    const [alice, bob] = [await aPerson(stack()), await aPerson(stack())];
    const { authenticator, added } = await addPasskey(stack(), alice);
    const remove = (identity = alice.identity) =>
      stack().call('DELETE', `/auth/passkeys/${added.body.id}`, { as: identity });
    expect((await remove(bob.identity)).status).toBe(404);
    stack().clock.advance(11 * 60_000);
    expect(await remove()).toMatchObject({ status: 401, body: { code: 'AUTH_STEP_UP_REQUIRED' } });
    const passkey = authenticator.assert(await passkeyOptions(stack()));
    const stepped = await stack().post('/auth/step-up', { passkey }, alice.identity);
    expect(claimsOf(stepped.body.accessToken).amr).toEqual(['pwd', 'hwk', 'mfa']);
    expect((await remove(identityOf(stepped.body.accessToken, alice.username))).status).toBe(204);
    expect((await login(authenticator.assert(await passkeyOptions(stack())))).status).toBe(401);
    expect((await beginLogin(stack(), alice)).answer.status).toBe(200);
  });
}

describe('a passkey, on SQLite', () => {
  let stack: AuthStack;
  beforeAll(async () => {
    stack = await AuthStack.start();
  });
  afterAll(() => stack.stop());
  passkeys(() => stack);
});

describeWith(['mariadbd', 'mariadb-install-db'], 'a passkey, on MariaDB', () => {
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
  passkeys(() => stack);
});
