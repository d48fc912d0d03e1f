import { CredentialServiceService } from '@libs/grpc';
import { newId } from '@libs/persistence';
import type { Identity } from '@libs/trusted-headers';

import { AuthStack } from './auth-stack.fixture.js';
import { withTotp } from './factors.fixture.js';
import { aPerson, claimsOf, identityOf, type Person } from './person.fixture.js';

const minute = 60_000;

describe('what could take an account over', () => {
  let stack: AuthStack;
  beforeAll(async () => {
    stack = await AuthStack.start();
  });
  afterAll(() => stack.stop());

  const always = [
    { what: 'a new authenticator app', line: 'POST /auth/totp', body: {} },
    { what: 'a code of a new app', line: 'POST /auth/totp:confirm', body: { code: '123456' } },
    { what: 'the end of an app', line: 'DELETE /auth/totp' },
    { what: 'new recovery codes', line: 'POST /auth/recovery-codes', body: {} },
    { what: 'a new passkey', line: 'POST /auth/passkeys:begin', body: {} },
    { what: 'the end of a passkey', line: 'DELETE /auth/passkeys/01932c07-4e5a-7c1e-9b3f-2a6d8e4f0c11' },
  ];
  const whereEnrolled = [
    { what: 'a new API key', line: 'POST /auth/api-keys', body: { name: 'robot' } },
    { what: 'a change of an API key', line: 'PATCH /auth/api-keys/{key}', body: { name: 'other' } },
    { what: 'a new secret of an API key', line: 'POST /auth/api-keys/{key}:rotate', body: {} },
    { what: 'the end of all sessions', line: 'DELETE /auth/sessions' },
    { what: 'the end of another session', line: 'DELETE /auth/sessions/{session}' },
    {
      what: 'a new password',
      line: 'POST /auth/password',
      body: { currentPassword: 'correct horse battery', newPassword: 'a battery of horses' },
    },
  ];
  const call = (line: string, as: Identity, body?: object) => {
    const [method = '', path = ''] = line.split(' ');
    return stack.call(method, path, { as, ...(body === undefined ? {} : { body }) });
  };
  const withKey = async (person: Person, line: string): Promise<string> => {
    if (line.includes('{session}')) {
      // Where a second factor is enrolled, what comes after the step-up does not matter.
      const { status, body } = await stack.post('/auth/login', { login: person.username, password: person.password });
      return line.replace('{session}', status === 200 ? claimsOf(body.accessToken as string).sid : newId());
    }
    if (!line.includes('{key}')) return line;
    const made = await stack.post('/auth/api-keys', { name: 'robot' }, person.identity);
    return line.replace('{key}', made.body.id as string);
  };
  const refusal = { status: 401, body: { code: 'AUTH_STEP_UP_REQUIRED' } };
  const stepUp = (person: Person, proof: object) => stack.post('/auth/step-up', proof, person.identity);

  it.each([...always, ...whereEnrolled])('$what: an old session must show a second factor first', async (action) => {
    const alice = await withTotp(stack);
    const line = await withKey(alice, action.line);
    stack.clock.advance(11 * minute);
    const refused = await call(line, alice.identity, action.body);
    expect(refused).toMatchObject(refusal);
    expect(refused.body.stepUp).toEqual({ methods: ['totp', 'recovery-code'], maxAge: 600 });
    expect(refused.headers.get('www-authenticate')).toMatch(
      /^Bearer error="insufficient_user_authentication".*max_age="600", acr_values="mfa"$/,
    );

    const stepped = await stepUp(alice, { totp: alice.code() });
    expect(stepped).toMatchObject({ status: 200, body: { tokenType: 'Bearer', expiresIn: expect.any(Number) } });
    const identity = identityOf(stepped.body.accessToken, alice.username);
    expect(identity.sessionId).toBe(alice.identity.sessionId);
    expect((await call(line, identity, action.body)).body?.code).not.toBe('AUTH_STEP_UP_REQUIRED');
  });

  it.each(always)(
    '$what: an old session of an account without a second factor asks for the password',
    async (action) => {
      const alice = await aPerson(stack);
      stack.clock.advance(11 * minute);
      const refused = await call(action.line, alice.identity, action.body);
      expect(refused).toMatchObject({ ...refusal, body: { stepUp: { methods: ['password'] } } });
      expect((await stepUp(alice, { password: alice.password })).status).toBe(200);
      expect((await call(action.line, alice.identity, action.body)).body?.code).not.toBe('AUTH_STEP_UP_REQUIRED');
    },
  );

  it.each(whereEnrolled)('$what: nothing changes for an account without a second factor', async ({ line, body }) => {
    const alice = await aPerson(stack);
    const path = await withKey(alice, line);
    stack.clock.advance(11 * minute);
    expect((await call(path, alice.identity, body)).status).toBeLessThan(300);
  });

  it.each([
    { what: 'a wrong code', proof: () => ({ totp: '000000' }) },
    { what: 'the password, where there is a second factor', proof: (alice: Person) => ({ password: alice.password }) },
    { what: 'a recovery code of nobody', proof: () => ({ recoveryCode: 'abcd-efgh-jkmn-pqrs-tuvw-xyz2' }) },
  ])('is not opened by $what', async ({ proof }) => {
    const alice = await withTotp(stack);
    stack.clock.advance(11 * minute);
    expect(await stepUp(alice, proof(alice))).toMatchObject({
      status: 401,
      body: { code: 'AUTH_SECOND_FACTOR_FAILED' },
    });
    expect(await call('POST /auth/api-keys', alice.identity, { name: 'robot' })).toMatchObject(refusal);
  });

  it('tells in the new token, and after a refresh, when and how it was proved', async () => {
    const alice = await withTotp(stack);
    stack.clock.advance(30 * minute);
    const before = claimsOf(alice.accessToken).auth_time;
    const { accessToken } = (await stepUp(alice, { totp: alice.code() })).body;
    expect(claimsOf(accessToken)).toMatchObject({ amr: ['pwd', 'otp', 'mfa'] });
    expect(claimsOf(accessToken).auth_time).toBeGreaterThanOrEqual(before + 30 * 60);
    const refreshed = await stack.post('/auth/refresh', { refreshToken: alice.refreshToken });
    expect(claimsOf(refreshed.body.accessToken).auth_time).toBe(claimsOf(accessToken).auth_time);
  });

  it('is closed to an API key, and in a session that has ended', async () => {
    const alice = await aPerson(stack);
    const apiKey = { ...alice.identity, authMethod: 'api-key' as const, sessionId: '', apiKeyId: 'some-key' };
    expect((await stack.post('/auth/step-up', { password: alice.password }, apiKey)).status).toBe(403);
    expect((await stack.post('/auth/totp', {}, apiKey)).status).toBe(403);
    await stack.post('/auth/logout', {}, alice.identity);
    expect((await stepUp(alice, { password: alice.password })).status).toBe(401);
  });

  it.each([...always, ...whereEnrolled])('$what: a session that has just ended is of no use', async (action) => {
    const alice = await aPerson(stack);
    const line = await withKey(alice, action.line);
    await stack.post('/auth/logout', {}, alice.identity);
    expect(await call(line, alice.identity, action.body)).toMatchObject({
      status: 401,
      body: { code: 'AUTH_CREDENTIALS_REJECTED' },
    });
  });

  it('does not ask of whoever ends the session that they are in', async () => {
    const alice = await withTotp(stack);
    stack.clock.advance(11 * minute);
    expect((await call(`DELETE /auth/sessions/${alice.identity.sessionId}`, alice.identity)).status).toBe(204);
  });

  it('asks before an address that was confirmed is replaced', async () => {
    const alice = await aPerson(stack);
    const token = await stack.mailbox.token(alice.email, /Confirm/);
    await stack.post('/auth/email:verify', { token }, alice.identity);
    const wanted = { userId: alice.userId, email: `new-${alice.email}`, sessionId: alice.identity.sessionId };
    await stack.to(CredentialServiceService).changeEmail(wanted, { as: 'service' });
    stack.clock.advance(11 * minute);
    expect(await call('POST /auth/email:send-verification', alice.identity, {})).toMatchObject(refusal);
    await stepUp(alice, { password: alice.password });
    expect((await call('POST /auth/email:send-verification', alice.identity, {})).status).toBe(202);
  });
});
