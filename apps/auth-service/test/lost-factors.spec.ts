import { CredentialServiceService } from '@libs/grpc';
import { newId } from '@libs/persistence';
import { anIdentity } from '@libs/testing';

import { AuthStack } from './auth-stack.fixture.js';
import { addPasskey, beginLogin, withTotp } from './factors.fixture.js';
import { asAdmin, outcomeAs, tool } from './operators.fixture.js';
import { aConfirmedPerson, aPerson } from './person.fixture.js';

const minute = 60_000;
let stack: AuthStack;
beforeAll(async () => {
  stack = await AuthStack.start();
});
afterAll(() => stack.stop());

const overRest = async (userId: string, as = tool): Promise<string> => {
  const { status, body } = await stack.call('DELETE', `/internal/users/${userId}/second-factors`, { as });
  return status === 204 ? 'done' : body.code;
};
const overGrpc = (userId: string, as = tool): Promise<string> =>
  outcomeAs(as, () => stack.to(CredentialServiceService).removeSecondFactors({ userId }));

describe.each([
  { how: 'over REST', remove: overRest },
  { how: 'over gRPC', remove: overGrpc },
])('second factors that were lost, $how', ({ remove }) => {
  it('are removed, all of them, with the sessions; the password is enough again, and the owner is told', async () => {
    const alice = await withTotp(stack);
    await addPasskey(stack, alice);
    expect((await beginLogin(stack, alice)).answer.body.code).toBe('AUTH_SECOND_FACTOR_REQUIRED');
    expect(await remove(alice.userId)).toBe('done');
    expect((await stack.post('/auth/refresh', { refreshToken: alice.refreshToken })).status).toBe(401);
    expect((await beginLogin(stack, alice)).answer).toMatchObject({ status: 200 });
    const recovered = { challenge: 'none', recoveryCode: alice.recoveryCodes[0] };
    expect((await stack.post('/auth/login:complete', recovered)).status).toBe(401);
    await stack.mailbox.latest(alice.email, /removed all second factors/);
    expect(await remove(alice.userId)).toBe('RESOURCE_NOT_FOUND');
  });

  it('are told where the owner reads letters, not at an address that somebody has entered since', async () => {
    const alice = await withTotp(stack, await aConfirmedPerson(stack));
    const user = stack.tenants.users.get(alice.userId);
    const thief = `thief-${newId()}@example.com`;
    if (user !== undefined) user.email = thief;
    expect(await remove(alice.userId)).toBe('done');
    await stack.mailbox.latest(alice.email, /removed all second factors/);
    expect(stack.mailbox.to(thief)).toEqual([]);
  });

  it('are removed by an administrator in a session after a step-up only', async () => {
    const [alice, admin] = [await withTotp(stack), await aPerson(stack)];
    stack.clock.advance(11 * minute);
    expect(await remove(alice.userId, asAdmin(admin))).toBe('AUTH_STEP_UP_REQUIRED');
    expect((await beginLogin(stack, alice)).answer.body.code).toBe('AUTH_SECOND_FACTOR_REQUIRED');
    await stack.post('/auth/step-up', { password: admin.password }, admin.identity);
    expect(await remove(alice.userId, asAdmin(admin))).toBe('done');
  });

  it.each([
    { who: 'a user', as: () => anIdentity({ roles: ['owner'] }) },
    {
      who: 'an API key of an administrator',
      as: () => anIdentity({ roles: ['platform-admin'], authMethod: 'api-key', sessionId: '' }),
    },
  ])('are left alone by $who', async ({ as }) => {
    const alice = await withTotp(stack);
    expect(await remove(alice.userId, as())).toBe('ACCESS_DENIED');
    expect((await beginLogin(stack, alice)).answer.body.code).toBe('AUTH_SECOND_FACTOR_REQUIRED');
  });

  it('are nothing that somebody without one, or nobody, has', async () => {
    expect(await remove((await aPerson(stack)).userId)).toBe('RESOURCE_NOT_FOUND');
    expect(await remove(newId())).toBe('RESOURCE_NOT_FOUND');
  });
});
