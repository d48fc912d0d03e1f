import { CredentialServiceService, UserStatus } from '@libs/grpc';
import { newId } from '@libs/persistence';
import { anIdentity } from '@libs/testing';

import { AuthStack } from './auth-stack.fixture.js';
import { asAdmin, outcomeAs, tool } from './operators.fixture.js';
import { aConfirmedPerson, aPerson, newNames } from './person.fixture.js';

const minute = 60_000;
const newPassword = 'a stable of horses';
const about = /new password/;
let stack: AuthStack;
beforeAll(async () => {
  stack = await AuthStack.start();
});
afterAll(() => stack.stop());

const overRest = async (userId: string, as = tool): Promise<string> => {
  const { status, body } = await stack.call('POST', `/internal/users/${userId}/password:send-reset`, { as });
  return status === 202 ? 'done' : body.code;
};
const overGrpc = (userId: string, as = tool): Promise<string> =>
  outcomeAs(as, () => stack.to(CredentialServiceService).sendPasswordReset({ userId }));
const letters = (email: string) => stack.mailbox.to(email).filter(({ subject }) => about.test(subject));

describe.each([
  { how: 'over REST', send: overRest },
  { how: 'over gRPC', send: overGrpc },
])('a letter that an operator sends to whoever has forgotten a password, $how', ({ send }) => {
  it('opens an account whose address nobody has confirmed, which it proves; the letter and the events say who asked', async () => {
    const alice = await aPerson(stack);
    expect(await send(alice.userId)).toBe('done');
    const { text } = await stack.mailbox.latest(alice.email, about);
    expect(text.replaceAll('\n', ' ')).toContain('an administrator of Gatehouse has sent you this');
    const token = await stack.mailbox.token(alice.email, about);
    expect((await stack.post('/auth/password:reset', { token, newPassword })).status).toBe(204);
    expect((await stack.post('/auth/login', { login: alice.email, password: newPassword })).status).toBe(200);
    expect((await stack.post('/auth/login', { login: alice.email, password: alice.password })).status).toBe(401);
    const { userId, email } = alice;
    expect(stack.tenants.confirmations).toContainEqual({ userId, email, isFirst: true });
    const events = await stack.call('GET', '/auth/events', { as: alice.identity });
    expect(events.body.items).toContainEqual(
      expect.objectContaining({ event: 'password.reset-sent', clientAddress: '' }),
    );
  });

  it('goes where the owner reads letters, not to an address that somebody has entered since', async () => {
    const alice = await aConfirmedPerson(stack);
    const user = stack.tenants.users.get(alice.userId);
    const thief = `thief-${newId()}@example.com`;
    if (user !== undefined) user.email = thief;
    expect(await send(alice.userId)).toBe('done');
    await stack.mailbox.latest(alice.email, about);
    expect(stack.mailbox.to(thief)).toEqual([]);
  });

  it('is sent by an administrator in a session after a step-up only', async () => {
    const [alice, admin] = [await aPerson(stack), await aPerson(stack)];
    stack.clock.advance(11 * minute);
    expect(await send(alice.userId, asAdmin(admin))).toBe('AUTH_STEP_UP_REQUIRED');
    await stack.post('/auth/step-up', { password: admin.password }, admin.identity);
    expect(await send(alice.userId, asAdmin(admin))).toBe('done');
    await stack.mailbox.latest(alice.email, about);
    expect(letters(alice.email)).toHaveLength(1);
  });

  it.each([
    { who: 'a user', as: () => anIdentity({ roles: ['owner'] }) },
    {
      who: 'an API key of an administrator',
      as: () => anIdentity({ roles: ['platform-admin'], authMethod: 'api-key', sessionId: '' }),
    },
  ])('is sent for nothing that $who says', async ({ as }) => {
    expect(await send((await aPerson(stack)).userId, as())).toBe('ACCESS_DENIED');
  });

  it('is for nobody who is not there, is shut out, or has the address of somebody else', async () => {
    expect(await send(newId())).toBe('RESOURCE_NOT_FOUND');
    const bob = await aConfirmedPerson(stack);
    const mallory = { ...newNames(), email: bob.email };
    const { body } = await stack.post('/auth/register', mallory);
    expect(await send(body.user.id as string)).toBe('RESOURCE_CONFLICT');
    const user = stack.tenants.users.get(bob.userId);
    if (user !== undefined) user.status = UserStatus.LOCKED;
    expect(await send(bob.userId)).toBe('RESOURCE_CONFLICT');
    expect(letters(bob.email)).toEqual([]);
  });
});
