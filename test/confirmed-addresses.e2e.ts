import { jest } from '@jest/globals';

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { until } from '@libs/testing';

import { Client } from './support/client.js';
import { aPerson, expectStatus, type Person } from './support/flow.js';
import { DistributedStack, EmbeddedStack, type Stack } from './support/stack.js';

jest.setTimeout(120_000);

const password = 'a stable of horses';

describe.each([
  {
    title: 'everything embedded in one process',
    create: (): Promise<Stack> => EmbeddedStack.create(),
  },
  {
    title: 'a process each, on MariaDB and Redis',
    create: (): Promise<Stack> => DistributedStack.create(),
  },
])('an address of an account: $title', ({ create }) => {
  let stack: Stack;
  let client: Client;
  beforeAll(async () => {
    stack = await create();
    await stack.start();
    client = new Client(stack.gateways[0] as string);
  });
  afterAll(async () => {
    await client?.close();
    await stack?.dispose();
  });

  /** The letters to that address with that subject, the latest at the end. */
  const lettersTo = (email: string, subject: RegExp): string[] =>
    readdirSync(stack.dataDir, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.eml'))
      .toSorted((one, other) => ((one.split('/').at(-1) ?? '') < (other.split('/').at(-1) ?? '') ? -1 : 1))
      .map((name) => readFileSync(join(stack.dataDir, name), 'utf8'))
      .filter((letter) => letter.includes(`To: ${email}`) && subject.test(letter));
  /** The latest token in one of them. */
  async function tokenTo(email: string, subject: RegExp): Promise<string> {
    const find = (): string | undefined =>
      lettersTo(email, subject)
        .flatMap((letter) => /gt[mi]_[\w-]{43}/.exec(letter) ?? [])
        .at(-1);
    return (await until(find, (found) => found !== undefined, 20_000)) ?? '';
  }
  const confirm = async (email: string, token?: string) =>
    client.post('/auth/email:verify', {
      body: { token: await tokenTo(email, /Subject: Confirm/) },
      ...(token === undefined ? {} : { token }),
    });
  const logIn = (login: string, secret: string) => client.post('/auth/login', { body: { login, password: secret } });

  it('is confirmed in the session, and shown so everywhere', async () => {
    const alice = await aPerson(client);
    expectStatus(await logIn(alice.email, alice.password), 200);
    const verified = async (): Promise<unknown[]> => {
      const [me, user] = [await client.get('/auth/me', alice), await client.get('/users/me', alice)];
      return [me.body.user.emailVerified, user.body.emailVerified];
    };
    expect(await verified()).toEqual([false, false]);
    expectStatus(await confirm(alice.email, alice.token), 204);
    expect(await verified()).toEqual([true, true]);
  });

  it('is replaced by one that is confirmed, and by nothing before', async () => {
    const alice = await aPerson(client);
    expectStatus(await confirm(alice.email, alice.token), 204);
    const email = `new-${alice.email}`;
    const patched = await client.patch('/users/me', { ...alice, body: { email } });
    expect(expectStatus(patched, 200).body).toMatchObject({ email: alice.email, emailVerified: true });
    expect((await client.get('/auth/email', alice)).body).toMatchObject({ email: alice.email, pendingEmail: email });
    expectStatus(await logIn(email, alice.password), 401);
    expectStatus(await logIn(alice.email, alice.password), 200);

    expectStatus(await confirm(email, alice.token), 204);
    expect((await client.get('/users/me', alice)).body).toMatchObject({ email, emailVerified: true });
    expectStatus(await logIn(email, alice.password), 200);
    expectStatus(await logIn(alice.email, alice.password), 401);
  });

  it('that somebody has entered who does not read it is still its reader’s, and nothing they left is a way in', async () => {
    const squatter = await aPerson(client, 'squatter');
    const made = await client.post('/auth/api-keys', { token: squatter.token, body: { name: 'back door' } });
    const apiKey = expectStatus(made, 201).body.key as string;
    const reader = { username: `reader-of-${squatter.username}`, email: squatter.email, password };
    expectStatus(await client.post('/auth/register', { body: reader }), 201);
    const session = expectStatus(await logIn(reader.email, password), 200).body;
    expect(session.user.username).toBe(reader.username);
    expectStatus(await confirm(reader.email, session.accessToken as string), 204);
    expectStatus(await logIn(reader.email, squatter.password), 401);

    expectStatus(await client.get('/projects', { apiKey }), 200);
  });

  it('that somebody has entered who does not read it opens nothing of theirs to its reader, who has an account of their own', async () => {
    const mallory = await aPerson(client, 'mallory');
    const { token } = mallory;
    const made = await client.post('/projects', { token, body: { name: 'Lighthouse' } });
    const projectId = expectStatus(made, 201).body.id as string;
    const projectsOf = async (login: string, secret: string): Promise<string[]> => {
      const session = expectStatus(await logIn(login, secret), 200).body;
      const { body } = expectStatus(await client.get('/projects', { token: session.accessToken }), 200);
      return (body.items as { id: string }[]).map(({ id }) => id);
    };

    // Its reader asks for what is not theirs, and is told what they may do.
    const email = mallory.email;
    const forgot = () => client.post('/auth/password:forgot', { body: { login: email } });
    expectStatus(await forgot(), 202);
    const [letter = ''] = await until(
      () => lettersTo(email, /Subject: This address opens no account/),
      (found) => found.length === 1,
      20_000,
    );
    expect(letter).toMatch(/register with this/);
    expect(letter).not.toMatch(/gt[mi]_/);
    expect(lettersTo(email, /Subject: Choose a new password/)).toEqual([]);

    const bob = { username: `bob-${mallory.username}`, email, password: 'the first of bob' };
    expectStatus(await client.post('/auth/register', { body: bob }), 201);
    const session = expectStatus(await logIn(email, bob.password), 200).body;
    expectStatus(await confirm(email, session.accessToken as string), 204);
    expectStatus(await forgot(), 202);
    const reset = { token: await tokenTo(email, /Subject: Choose a new password/), newPassword: password };
    expectStatus(await client.post('/auth/password:reset', { body: reset }), 204);
    expect(await projectsOf(email, password)).toEqual([]);
    expectStatus(await logIn(email, bob.password), 401);

    // Whoever has made the other account keeps it, under its user name.
    expectStatus(await logIn(email, mallory.password), 401);
    expect(await projectsOf(mallory.username, mallory.password)).toEqual([projectId]);
    expectStatus(await client.get('/projects', mallory), 200);
  });

  it('does not tell whoever registers with it that somebody has confirmed it, and lets both of them in', async () => {
    const bob = await aPerson(client, 'bob');
    expectStatus(await confirm(bob.email, bob.token), 204);
    const eve = { username: `eve-${bob.username}`, email: bob.email, password: 'the secret of eve' };
    expectStatus(await client.post('/auth/register', { body: eve }), 201);
    const nameAt = async (secret: string) => (await logIn(bob.email, secret)).body.user?.username;
    expect(await nameAt(eve.password)).toBe(eve.username);
    expect(await nameAt(bob.password)).toBe(bob.username);
    expectStatus(await logIn(bob.email, 'somebody else’s'), 401);
    // All else is the holder's.
    expectStatus(await client.post('/auth/password:forgot', { body: { login: bob.email } }), 202);
    const token = await tokenTo(bob.email, /Subject: Choose a new password/);
    expectStatus(await client.post('/auth/password:reset', { body: { token, newPassword: password } }), 204);
    expect([await nameAt(password), await nameAt(eve.password)]).toEqual([bob.username, eve.username]);
  });

  it('is proved by an invitation that went there, and no other account takes that', async () => {
    const [owner, reader, other] = [await aPerson(client), await aPerson(client), await aPerson(client)];
    expectStatus(await confirm(other.email, other.token), 204);
    const invite = async (email: string): Promise<string> => {
      const invited = await client.post(`/tenants/${owner.tenantId}/invitations`, {
        token: owner.token,
        body: { email },
      });
      expect(Object.keys(expectStatus(invited, 201).body)).not.toContain('userId');
      return tokenTo(email, /Subject: You are invited/);
    };
    const accept = (person: Person, token: string) =>
      client.post('/users/me/mail-invitations:accept', {
        token: person.token,
        body: { token },
        headers: { 'idempotency-key': `accept-${token.slice(-20)}-${person.userId}` },
      });
    const token = await invite(reader.email);
    expect(await accept(other, token)).toMatchObject({ status: 403, body: { code: 'ACCESS_DENIED' } });
    expect(expectStatus(await accept(reader, token), 200).body).toMatchObject({ id: owner.tenantId });
    expect((await client.get('/users/me', reader)).body).toMatchObject({ email: reader.email, emailVerified: true });
    expectStatus(await accept(other, await invite(other.email)), 200);
  });
});
