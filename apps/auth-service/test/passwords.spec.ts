import { hash as argon2 } from '@node-rs/argon2';
import { hash as bcrypt } from '@node-rs/bcrypt';

import { CredentialServiceService, SessionServiceService, SessionStatus } from '@libs/grpc';
import { describeWith, startMariaDb, type TestServer } from '@libs/testing';

import { AuthStack } from './auth-stack.fixture.js';
import { aPerson, logIn, newNames } from './person.fixture.js';

const asService = { as: 'service' } as const;
const newPassword = 'a battery of horses';

function passwords(stack: () => AuthStack): void {
  const login = async (name: string, password: string): Promise<number> =>
    (await stack().post('/auth/login', { login: name, password })).status;
  const statusOf = async (sessionId: string): Promise<SessionStatus> =>
    (await stack().to(SessionServiceService).getSession({ sessionId }, asService)).status;

  describe('change of the password', () => {
    it('takes the new one and ends all other sessions', async () => {
      const alice = await aPerson(stack());
      const other = await logIn(stack(), alice);
      const body = { currentPassword: alice.password, newPassword };
      expect(await stack().post('/auth/password', body, alice.identity)).toMatchObject({ status: 204 });

      expect(await login(alice.username, alice.password)).toBe(401);
      expect(await login(alice.username, newPassword)).toBe(200);
      expect(await statusOf(other.identity.sessionId)).toBe(SessionStatus.ENDED);
      expect(await statusOf(alice.identity.sessionId)).toBe(SessionStatus.ACTIVE);
      expect((await stack().post('/auth/refresh', { refreshToken: other.refreshToken })).status).toBe(401);
      expect((await stack().post('/auth/refresh', { refreshToken: alice.refreshToken })).status).toBe(200);
    });

    it('needs the current one, and changes nothing without', async () => {
      const alice = await aPerson(stack());
      const other = await logIn(stack(), alice);
      const body = { currentPassword: 'wrong password', newPassword };
      expect(await stack().post('/auth/password', body, alice.identity)).toMatchObject({
        status: 400,
        body: { errors: [{ field: 'currentPassword', code: 'WRONG' }] },
      });
      expect(await login(alice.username, alice.password)).toBe(200);
      expect(await statusOf(other.identity.sessionId)).toBe(SessionStatus.ACTIVE);
    });

    it.each([
      { what: 'short', bad: () => 'seven77', code: 'TOO_SHORT' },
      { what: 'common', bad: () => 'Trustno1', code: 'NOT_ALLOWED' },
      {
        what: 'the user name',
        bad: (names: { username: string }) => names.username.toUpperCase(),
        code: 'NOT_ALLOWED',
      },
      { what: 'the e-mail address', bad: (names: { email: string }) => names.email, code: 'NOT_ALLOWED' },
    ])('refuses a new one that is $what', async ({ bad, code }) => {
      const alice = await aPerson(stack());
      const body = { currentPassword: alice.password, newPassword: bad(alice) };
      expect(await stack().post('/auth/password', body, alice.identity)).toMatchObject({
        status: 400,
        body: { code: 'REQUEST_INVALID', errors: [{ field: 'newPassword', code }] },
      });
      expect(await login(alice.username, alice.password)).toBe(200);
    });

    it('is closed to an API key and to nobody in particular', async () => {
      const { identity, password } = await aPerson(stack());
      const body = { currentPassword: password, newPassword };
      const apiKey = { ...identity, authMethod: 'api-key' as const, sessionId: '', apiKeyId: 'some-key' };
      expect((await stack().post('/auth/password', body, apiKey)).status).toBe(403);
      expect((await stack().post('/auth/password', body)).status).toBe(401);
    });

    it('is done once for one Idempotency-Key', async () => {
      const { identity, password } = await aPerson(stack());
      const body = { currentPassword: password, newPassword };
      const call = { body, as: identity, headers: { 'idempotency-key': 'change-once' } };
      expect((await stack().call('POST', '/auth/password', call)).status).toBe(204);
      expect((await stack().call('POST', '/auth/password', call)).status).toBe(204);
    });
  });

  describe('registration', () => {
    it.each([
      { what: 'a common password', changes: { password: 'password123' } },
      { what: 'the user name for a password', changes: { username: 'trustworthy-bob', password: 'Trustworthy-Bob' } },
    ])('refuses $what', async ({ changes }) => {
      expect(await stack().post('/auth/register', { ...newNames(), ...changes })).toMatchObject({
        status: 400,
        body: { errors: [{ field: 'password', code: 'NOT_ALLOWED' }] },
      });
    });
  });

  describe('imported hashes', () => {
    const credentials = () => stack().to(CredentialServiceService);

    it.each([
      { kind: 'bcrypt', make: (password: string) => bcrypt(password, 8) },
      {
        kind: 'bcrypt as PHP writes it',
        make: async (password: string) => (await bcrypt(password, 8)).replace('$2b$', '$2y$'),
      },
      {
        kind: 'argon2id of another cost',
        make: (password: string) => argon2(password, { memoryCost: 8_192, timeCost: 3 }),
      },
    ])('let in whoever knows the password of a $kind hash, more than once', async ({ make }) => {
      const { userId, username, password } = await aPerson(stack());
      const passwordHash = await make('the imported one');
      await credentials().importPasswordHash({ userId, passwordHash }, asService);
      expect(await login(username, password)).toBe(401);
      expect(await login(username, 'The imported one')).toBe(401);
      expect(await login(username, 'the imported one')).toBe(200);
      expect(await login(username, 'the imported one')).toBe(200);
    });

    it('are not what is no hash, and the password stays', async () => {
      const { userId, username, password } = await aPerson(stack());
      const request = { userId, passwordHash: 'plain text' };
      await expect(credentials().importPasswordHash(request, asService)).rejects.toMatchObject({
        code: 'REQUEST_INVALID',
        errors: [expect.objectContaining({ field: 'passwordHash' })],
      });
      expect(await login(username, password)).toBe(200);
    });

    it('are for users who exist', async () => {
      const unknown = {
        userId: '01932c07-4e5a-7c1e-9b3f-2a6d8e4f0c11',
        passwordHash: await bcrypt('whatever', 8),
      };
      await expect(credentials().importPasswordHash(unknown, asService)).rejects.toMatchObject({
        code: 'RESOURCE_NOT_FOUND',
      });
    });
  });
}

describe('passwords on SQLite', () => {
  let stack: AuthStack;
  beforeAll(async () => {
    stack = await AuthStack.start();
  });
  afterAll(() => stack.stop());
  passwords(() => stack);
});

describeWith(['mariadbd', 'mariadb-install-db'], 'passwords on MariaDB', () => {
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
  passwords(() => stack);
});
