import { jest } from '@jest/globals';

import { CredentialServiceService } from '@libs/grpc';
import { IdempotencyStore, newId } from '@libs/persistence';
import type { Identity } from '@libs/trusted-headers';

import { AuthStack } from './auth-stack.fixture.js';
import { aConfirmedPerson, aPerson, newNames } from './person.fixture.js';

const newPassword = 'a battery of horses';

interface Asked {
  readonly path: string;
  readonly body: unknown;
  readonly status: 201 | 204;
  readonly as?: Identity;
}

/** What uses up what it needs, so that it could not be done again from its start. */
const sagas: Record<string, (stack: AuthStack) => Promise<Asked>> = {
  'a registration': () => Promise.resolve({ path: '/auth/register', status: 201, body: newNames() }),
  'an invitation that is accepted': async (stack) => {
    const { username, email, password } = newNames();
    await stack.to(CredentialServiceService).sendInvitation({ userId: stack.tenants.invite(email) }, { as: 'service' });
    const token = await stack.mailbox.token(email, /invited/);
    return { path: '/auth/invitation:accept', status: 201, body: { token, username, password } };
  },
  'a reset': async (stack) => {
    const { email, username } = await aConfirmedPerson(stack);
    await stack.post('/auth/password:forgot', { login: username });
    const token = await stack.mailbox.token(email, /new password/);
    return { path: '/auth/password:reset', status: 204, body: { token, newPassword } };
  },
  'a new password': async (stack) => {
    const { identity, password } = await aPerson(stack);
    return { path: '/auth/password', status: 204, body: { currentPassword: password, newPassword }, as: identity };
  },
};

describe('a process that dies after the last transaction, before the answer', () => {
  let stack: AuthStack;
  beforeAll(async () => {
    stack = await AuthStack.start();
  });
  afterAll(() => stack.stop());
  afterEach(() => jest.restoreAllMocks());

  it.each(Object.entries(sagas))('leaves its answer to who asks again: %s', async (_, begin) => {
    const { path, body, as, status } = await begin(stack);
    const sent = { body, headers: { 'idempotency-key': newId() }, ...(as === undefined ? {} : { as }) };
    const { keep } = IdempotencyStore.prototype;
    const dying = jest.spyOn(IdempotencyStore.prototype, 'keep');
    dying.mockImplementation(function (this: IdempotencyStore, call, answer) {
      const { isInTransaction } = this['database'];
      return isInTransaction ? keep.call(this, call, answer) : Promise.reject(new Error('the process has died'));
    });
    expect((await stack.call('POST', path, sent)).status).toBe(500);
    dying.mockRestore();

    const again = await stack.call('POST', path, sent);
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([status, 'true']);
  });
});
