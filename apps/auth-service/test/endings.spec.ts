import { MemoryEventBus } from '@libs/events';
import { ApiKeyServiceService, ApiKeyStatus, SessionServiceService, SessionStatus, UserStatus } from '@libs/grpc';
import { newId } from '@libs/persistence';
import { until } from '@libs/testing';

import { AuthStack } from './auth-stack.fixture.js';
import { aConfirmedPerson, aPerson, logIn, type Person } from './person.fixture.js';

let stack: AuthStack;
beforeAll(async () => {
  stack = await AuthStack.start();
});
afterAll(() => stack.stop());

const asService = { as: 'service' } as const;
const statusOf = async (sessionId: string) =>
  (await stack.to(SessionServiceService).getSession({ sessionId }, asService)).status;
const keyOf = async ({ identity }: Person): Promise<string> =>
  (await stack.post('/auth/api-keys', { name: 'robot' }, identity)).body.key;
const isGood = async (key: string): Promise<boolean> =>
  (await stack.to(ApiKeyServiceService).resolveApiKey({ key }, asService)).status === ApiKeyStatus.ACTIVE;
const login = async ({ username, password }: Person): Promise<number> =>
  (await stack.post('/auth/login', { login: username, password })).status;

/** Tells of an ending, and waits until the session of somebody else shows that it and all before it are followed. */
async function ended(kind: string, userId: string, time: Date): Promise<void> {
  const witness = await aPerson(stack);
  stack.tenants.end(kind, userId, time);
  stack.tenants.end('user-sessions', witness.userId, stack.clock.now());
  const id = newId();
  const event = { topic: 'ending.recorded', key: id, payload: { kind }, id, time: new Date().toISOString() } as const;
  await new MemoryEventBus().publish(event);
  await until(
    () => statusOf(witness.identity.sessionId),
    (status) => status === SessionStatus.ENDED,
    20_000,
  );
}

describe('what follows the endings of tenant-service', () => {
  // First, while the clock is not moved: the times of keys are those of the database.
  it('takes from a user who is restored already what they had before they were deleted, and nothing else', async () => {
    const [before, again] = [await aPerson(stack), await aPerson(stack)];
    const [oldKey, deletedAt] = [await keyOf(before), stack.clock.now()];
    await until(
      () => stack.clock.now(),
      (now) => now > deletedAt,
    );
    const changed = { currentPassword: again.password, newPassword: 'another battery' };
    expect((await stack.post('/auth/password', changed, again.identity)).status).toBe(204);
    const newKey = await keyOf(again);
    await ended('user', before.userId, deletedAt);
    await ended('user', again.userId, deletedAt);
    expect([await isGood(oldKey), await isGood(newKey)]).toEqual([false, true]);
    expect(await statusOf(before.identity.sessionId)).toBe(SessionStatus.ENDED);
    expect(await login(before)).toBe(401);
    expect(await login({ ...again, password: 'another battery' })).toBe(200);
  });

  it('ends the sessions of a user who was shut out, and keeps their keys and their password', async () => {
    const alice = await aPerson(stack);
    const key = await keyOf(alice);
    await ended('user-sessions', alice.userId, stack.clock.now());
    expect(await statusOf(alice.identity.sessionId)).toBe(SessionStatus.ENDED);
    expect((await stack.post('/auth/refresh', { refreshToken: alice.refreshToken })).status).toBe(401);
    expect(await isGood(key)).toBe(true);
    expect(await login(alice)).toBe(200);
  });

  it('keeps a session that was opened after the user was let in again', async () => {
    const alice = await aPerson(stack);
    const shutOutAt = stack.clock.now();
    stack.clock.advance(1_000);
    const later = await logIn(stack, alice);
    await ended('user-sessions', alice.userId, shutOutAt);
    expect(await statusOf(alice.identity.sessionId)).toBe(SessionStatus.ENDED);
    expect(await statusOf(later.identity.sessionId)).toBe(SessionStatus.ACTIVE);
  });

  it('takes nothing from a user who is there when the event of an earlier deletion comes late', async () => {
    const [alice, gone] = [await aPerson(stack), await aPerson(stack)];
    stack.tenants.users.delete(gone.userId);
    const bus = new MemoryEventBus();
    for (const { userId } of [alice, gone]) {
      const time = new Date().toISOString();
      await bus.publish({ topic: 'user.deleted', key: userId, payload: { userId }, id: userId, time });
    }
    await until(
      () => statusOf(gone.identity.sessionId),
      (status) => status === SessionStatus.ENDED,
    );
    expect(await statusOf(alice.identity.sessionId)).toBe(SessionStatus.ACTIVE);
    expect(await login(alice)).toBe(200);
  });

  it('lets no letter open or change an account that is shut out', async () => {
    const [alice, bob] = [await aConfirmedPerson(stack), await aPerson(stack)];
    await stack.post('/auth/password:forgot', { login: alice.username });
    const token = await stack.mailbox.token(alice.email, /new password/);
    const users = [alice, bob].flatMap(({ userId }) => stack.tenants.users.get(userId) ?? []);
    for (const user of users) user.status = UserStatus.LOCKED;
    const reset = { token, newPassword: 'another battery' };
    expect((await stack.post('/auth/password:reset', reset)).status).toBe(401);
    const confirm = { token: await stack.mailbox.token(bob.email, /Confirm/) };
    expect((await stack.post('/auth/email:verify', confirm)).status).toBe(401);
    for (const user of users) user.status = UserStatus.ACTIVE;
    expect(await login(alice)).toBe(200);
    expect((await stack.post('/auth/password:reset', reset)).status).toBe(204);
  });
});
