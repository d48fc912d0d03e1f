import { jest } from '@jest/globals';

import { until } from '@libs/testing';

import { PasswordHasher } from '../src/credentials/password-hasher.js';
import { AuthStack } from './auth-stack.fixture.js';
import { aConfirmedPerson, aPerson, newNames, type Person } from './person.fixture.js';

const wrong = 'a wrong password';
const homeOfHolder = '192.0.2.1';
const homeOfNewcomer = '192.0.2.2';

let stack: AuthStack;
let verify: jest.SpiedFunction<PasswordHasher['verify']>;
beforeAll(async () => {
  stack = await AuthStack.start({ GUESSES_PER_ADDRESS: '1000' });
  verify = jest.spyOn(PasswordHasher.prototype, 'verify');
});
afterAll(async () => {
  verify.mockRestore();
  await stack.stop();
});

const login = (name: string, password: string, address = homeOfNewcomer) =>
  stack.call('POST', '/auth/login', {
    body: { login: name, password },
    headers: { 'x-forwarded-for': address },
  });
/** What can be seen of a login from outside: the answer, and the work that it took. */
async function seen(...attempt: Parameters<typeof login>): Promise<string> {
  const before = verify.mock.calls.length;
  const { status, body } = await login(...attempt);
  return `${status} ${body.code ?? 'in'} after ${verify.mock.calls.length - before}`;
}

/** Somebody who has registered with the address. */
async function registersWith(email: string): Promise<Person> {
  const names = { ...newNames(), email, password: 'a stable of newcomers' };
  const { body } = await stack.post('/auth/register', names);
  const { accessToken, refreshToken } = (await login(names.username, names.password, '192.0.2.99')).body;
  const person = await aPerson(stack);
  const identity = { ...person.identity, userId: body.user.id as string, userName: names.username };
  return { ...names, userId: body.user.id, tenantId: body.tenant.id, accessToken, refreshToken, identity };
}

type Names = Pick<Person, 'email' | 'username' | 'password'>;
interface Contest {
  readonly newcomer: Person;
  readonly holder: Names;
}
const worlds: readonly { title: string; make: () => Promise<Contest> }[] = [
  {
    title: 'nobody else has confirmed it',
    make: async () => {
      // Somebody whom nobody has made.
      const holder = newNames();
      return { holder, newcomer: await registersWith(holder.email) };
    },
  },
  {
    title: 'somebody else has confirmed it',
    make: async () => {
      const holder = await aConfirmedPerson(stack);
      expect((await login(holder.username, holder.password, homeOfHolder)).status).toBe(200);
      return { holder, newcomer: await registersWith(holder.email) };
    },
  },
];

/** What a newcomer may try who wants to know whether somebody else has confirmed the address. */
const trials: Readonly<Record<string, (contest: Contest) => Promise<string[]>>> = {
  'the right password, the wrong one, and the right one again': async ({ newcomer: { email, password } }) => [
    await seen(email, password),
    await seen(email, wrong),
    await seen(email.toUpperCase(), password),
  ],
  'more wrong passwords than are allowed': async ({ newcomer: { email, password } }) => {
    const tries: string[] = [];
    for (let n = 0; n < 7; n += 1) tries.push(await seen(email, wrong));
    return [...tries, await seen(email, password), await seen(email, password, '192.0.2.3')];
  },
  'all guesses at the own user name first': async ({ newcomer: { email, username, password } }) => {
    for (let n = 0; n < 6; n += 1) await login(username, wrong);
    return [await seen(email, wrong), await seen(email, password)];
  },
  'all guesses at the user name of somebody who may be the holder': async ({ holder, newcomer }) => {
    for (let n = 0; n < 6; n += 1) await login(holder.username, wrong);
    return [await seen(newcomer.email, wrong), await seen(newcomer.email, newcomer.password)];
  },
  'guesses at it from many places': async ({ newcomer: { email, password } }) => {
    const tries: string[] = [];
    for (let n = 0; n < 24; n += 1) tries.push(await seen(email, wrong, `198.51.100.${n}`));
    return [...tries, await seen(email, password, '198.51.100.200')];
  },
};

describe('an address by which somebody logs in who has not confirmed it', () => {
  it.each(Object.entries(trials))('tells nothing of who has confirmed it by %s', async (_, trial) => {
    const [alone, contested] = [
      await trial(await (worlds[0] as (typeof worlds)[0]).make()),
      await trial(await (worlds[1] as (typeof worlds)[0]).make()),
    ];
    expect(contested).toEqual(alone);
    expect(alone.some((one) => /^(200|429)/.test(one))).toBe(true);
  });

  it('takes the work of two wrong passwords, whoever has it; a user name that of one', async () => {
    const [alone, contested] = [await worlds[0]?.make(), await worlds[1]?.make()];
    const holder = await aConfirmedPerson(stack);
    const addresses = [newNames().email, alone?.newcomer.email, contested?.newcomer.email, holder.email];
    const names = [newNames().username, alone?.newcomer.username, holder.username];
    const failed = 'AUTH_LOGIN_FAILED after';
    for (const email of addresses) expect(await seen(email ?? '', wrong, '192.0.2.4')).toBe(`401 ${failed} 2`);
    for (const name of names) expect(await seen(name ?? '', wrong, '192.0.2.4')).toBe(`401 ${failed} 1`);
  });

  it('lets in whose password it is', async () => {
    for (const { make } of worlds) {
      const { newcomer } = await make();
      expect((await login(newcomer.email, newcomer.password)).body.user.username).toBe(newcomer.username);
    }
  });
});

describe('an address that somebody has confirmed and somebody else has entered', () => {
  const contest = () => (worlds[1] as (typeof worlds)[1]).make() as Promise<Contest & { holder: Person }>;

  it('lets its holder in, with the work of one password', async () => {
    const { holder } = await contest();
    expect(await seen(holder.email, holder.password, '192.0.2.5')).toBe('200 in after 1');
    expect((await login(holder.email, holder.password)).body.user.username).toBe(holder.username);
  });

  it('means its holder when both have the same password', async () => {
    const holder = await aConfirmedPerson(stack);
    await stack.post('/auth/register', { ...newNames(), email: holder.email, password: holder.password });
    expect((await login(holder.email, holder.password)).body.user.username).toBe(holder.username);
  });

  it('lets its holder in where they were before, whatever is tried on the newcomer', async () => {
    const { holder, newcomer } = await contest();
    for (let n = 0; n < 24; n += 1) await login(newcomer.username, wrong, `198.51.100.${n}`);
    for (let n = 0; n < 6; n += 1) await login(newcomer.username, wrong, homeOfHolder);
    expect((await login(newcomer.email, wrong, homeOfHolder)).status).toBe(429);
    expect((await login(holder.email, holder.password, homeOfHolder)).body.user.username).toBe(holder.username);
  });

  it('looks at no more guesses at its holder than any name does', async () => {
    const { holder, newcomer } = await contest();
    for (let n = 0; n < 5; n += 1) {
      await login(newcomer.email, wrong);
      // Which lets the newcomer begin anew, and nobody else.
      await login(newcomer.username, newcomer.password);
    }
    expect((await login(holder.username, holder.password)).status).toBe(429);
    expect((await login(holder.email, holder.password)).status).toBe(401);
    expect((await login(holder.email, holder.password, homeOfHolder)).status).toBe(200);
  });

  it('shows failed logins by it to its holder, and not to whoever has entered it', async () => {
    const { holder, newcomer } = await contest();
    const failedOf = async ({ identity }: Person): Promise<number> => {
      const { body } = await stack.call('GET', '/auth/events?pageSize=100', { as: identity });
      return (body.items as { event: string }[]).filter(({ event }) => event === 'login.failed').length;
    };
    await login(holder.email, wrong);
    await login(newcomer.username, wrong);
    await until(
      () => failedOf(newcomer),
      (count) => count === 1,
    );
    expect(await failedOf(holder)).toBe(1);
  });

  it('is its holder’s alone for everything else', async () => {
    const { holder, newcomer } = await contest();
    await stack.post('/auth/password:forgot', { login: newcomer.email });
    const { text } = await stack.mailbox.latest(holder.email, /new password/);
    expect(text).toContain(holder.username);
  });
});
