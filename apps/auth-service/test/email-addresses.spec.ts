import { newId } from '@libs/persistence';

import { AuthStack } from './auth-stack.fixture.js';
import { aPerson, type Person } from './person.fixture.js';

const about = /Confirm/;

describe('the e-mail address of an account', () => {
  let stack: AuthStack;
  beforeAll(async () => {
    stack = await AuthStack.start({ ACCOUNT_URL: 'https://id.example.com/account/' });
  });
  afterAll(() => stack.stop());

  const stateOf = async ({ identity }: Person) => (await stack.call('GET', '/auth/email', { as: identity })).body;
  const verify = (token: string) => stack.post('/auth/email:verify', { token });

  it('is confirmed with the token of the letter that follows the registration', async () => {
    const alice = await aPerson(stack);
    expect(await stateOf(alice)).toEqual({ email: alice.email, verified: false, verifiedAt: null });
    const letter = await stack.letters.latest(alice.email, about);
    const token = await stack.letters.token(alice.email, about);
    expect(letter.text).toContain(`https://id.example.com/account/verify-email#token=${token}`);
    expect(letter.text).not.toContain(alice.username);

    expect((await verify(token)).status).toBe(204);
    expect(await stateOf(alice)).toMatchObject({ verified: true, verifiedAt: expect.any(String) });
    expect(await verify(token)).toMatchObject({ status: 401, body: { code: 'AUTH_TOKEN_REJECTED' } });
  });

  it('is written to again on demand, until it is confirmed, and not too often', async () => {
    const alice = await aPerson(stack);
    const send = () => stack.post('/auth/email:send-verification', {}, alice.identity);
    expect((await send()).status).toBe(202);
    expect((await send()).status).toBe(202);
    expect((await send()).status).toBe(202);
    expect(await send()).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } });
    await verify(await stack.letters.token(alice.email, about));
    expect(await send()).toMatchObject({ status: 409, body: { code: 'RESOURCE_CONFLICT' } });
  });

  it('is not confirmed by the letter to another one, and the one before is told of its successor', async () => {
    const alice = await aPerson(stack);
    await verify(await stack.letters.token(alice.email, about));
    const user = stack.tenants.users.get(alice.userId);
    if (user === undefined) throw new Error('no user');
    const [first, second] = [newId(), newId()].map((id) => `alice-${id}@example.com`) as [string, string];

    user.email = first;
    expect(await stateOf(alice)).toMatchObject({ email: first, verified: false });
    await stack.post('/auth/email:send-verification', {}, alice.identity);
    const token = await stack.letters.token(first, about);
    user.email = second;
    expect((await verify(token)).status).toBe(401);

    user.email = first;
    expect((await verify(token)).status).toBe(204);
    expect(await stateOf(alice)).toMatchObject({ email: first, verified: true });
    await stack.letters.latest(alice.email, /new e-mail address/);
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
      await own.letters.latest(alice.email, about);
      expect(own.letters.to('root@example.com')).toEqual([]);
    } finally {
      await own.stop();
    }
  });
});
