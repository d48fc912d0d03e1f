import { Refusal } from '@libs/errors';
import { CredentialServiceService, toGrpcStatus, UserStatus } from '@libs/grpc';
import {
  anIdentity,
  describeWith,
  type FakePeer,
  fakeService,
  startFakePeer,
  startMariaDb,
  type TestServer,
} from '@libs/testing';

import { operator, type TenantServiceForTest, tenantServiceForTest } from '../../test/tenant-service.fixture.js';

let authService: FakePeer;
let service: TenantServiceForTest;
let letters: string[];
let isAway: boolean;
let people = 0;

const start = async (environment = {}): Promise<void> => {
  [letters, isAway] = [[], false];
  authService = await startFakePeer(
    fakeService(CredentialServiceService, {
      sendInvitation: async ({ userId }) => {
        if (isAway) throw Object.assign(new Error('away'), toGrpcStatus(new Refusal('SERVICE_UNAVAILABLE')));
        letters.push(userId);
        return {};
      },
    }),
  );
  service = await tenantServiceForTest({ AUTH_SERVICE_GRPC: authService.address, ...environment });
};
const stop = async (): Promise<void> => {
  await service.stop();
  authService.stop();
};

const newEmail = (): string => `guest-${(people += 1)}@example.com`;
const invite = (body: object, headers = {}) =>
  service.call('POST /internal/users:invite', { as: operator, body, headers });
const command = (id: string, verb: string) => service.call(`POST /internal/users/${id}:${verb}`, { as: operator });
const open = (userId: string, email: string, names: object) =>
  service.asService(() =>
    service.accounts.openInvitedAccount({ userId, email, username: '', displayName: '', tenantName: '', ...names }),
  );
const lettersTo = (id: string): number => letters.filter((one) => one === id).length;

function behaviour(): void {
  it('is there, is in no tenant, and has no name but their id until they choose one', async () => {
    const email = newEmail();
    const { status, body, headers } = await invite({ email, platformRoles: ['support'] });
    expect({ status, body }).toMatchObject({
      status: 201,
      body: { email, status: 'invited', username: body.id, platformRoles: ['support'], defaultTenantId: null },
    });
    expect(headers.get('location')).toBe(`/internal/users/${body.id}`);
    expect(lettersTo(body.id)).toBe(1);

    const { user, tenant } = await open(body.id, email, { username: 'Guest-One' });
    expect(user).toMatchObject({
      id: body.id,
      username: 'Guest-One',
      displayName: 'Guest-One',
      status: UserStatus.ACTIVE,
    });
    const account = await service.asService(() => service.accounts.getAccount({ userId: body.id, tenantId: '' }));
    expect(account).toMatchObject({ tenant: { id: tenant?.id, name: 'Guest-One' }, roles: ['owner', 'support'] });
  });

  it('gets another letter when they are invited again, and what is said then counts', async () => {
    const email = newEmail();
    const first = await invite({ email, displayName: 'Guest' });
    const again = await invite({ email: email.toUpperCase(), platformRoles: ['support'] });
    expect(again.body).toMatchObject({ id: first.body.id, displayName: '', platformRoles: ['support'] });
    expect(lettersTo(first.body.id)).toBe(2);
  });

  it('is invited by a request that is sent again after auth-service was away, and by the same key once', async () => {
    const email = newEmail();
    const once = { 'idempotency-key': 'invite-once' };
    isAway = true;
    expect((await invite({ email }, once)).status).toBe(503);
    isAway = false;
    const { status, body } = await invite({ email }, once);
    expect({ status, body }).toMatchObject({ status: 201, body: { status: 'invited' } });
    expect((await invite({ email }, once)).body).toEqual(body);
    expect(lettersTo(body.id)).toBe(1);
  });

  it('is nobody who has an account, and nobody else takes the address', async () => {
    const { userName, userId } = await service.register('has-an-account');
    await service.confirmEmail(userId, `${userName}@example.com`);
    expect(await invite({ email: `${userName}@example.com` })).toMatchObject({
      status: 409,
      body: { code: 'RESOURCE_NAME_TAKEN', errors: [{ field: 'email' }] },
    });
    expect(lettersTo(userId)).toBe(0);
    const email = newEmail();
    await invite({ email });
    const body = { username: 'somebody-else', email };
    expect((await service.call('POST /internal/users', { as: operator, body })).status).toBe(409);
  });

  it.each([
    { what: 'another address', email: () => 'other@example.com', before: () => Promise.resolve() },
    { what: 'somebody suspended', before: (id: string) => command(id, 'suspend') },
    { what: 'somebody activated by an operator', before: (id: string) => command(id, 'activate') },
  ])('opens no account for $what', async ({ email: other, before }) => {
    const email = newEmail();
    const { id } = (await invite({ email })).body;
    await before(id);
    const opened = open(id, other?.() ?? email, { username: `late-${people}` });
    await expect(opened).rejects.toMatchObject({ code: 'RESOURCE_CONFLICT' });
  });

  it('is opened once: asked again there is the same account, and no other name', async () => {
    const email = newEmail();
    const { id } = (await invite({ email, displayName: 'Said Before' })).body;
    const first = await open(id, email, { username: 'twice', tenantName: 'Acme' });
    expect(first).toMatchObject({ user: { displayName: 'Said Before' }, tenant: { name: 'Acme' } });
    expect(await open(id, email, { username: 'twice' })).toMatchObject({ tenant: { id: first.tenant?.id } });
    await expect(open(id, email, { username: 'thrice' })).rejects.toMatchObject({ code: 'RESOURCE_CONFLICT' });
    const other = (await invite({ email: newEmail() })).body;
    const taken = open(other.id, other.email, { username: 'TWICE' });
    await expect(taken).rejects.toMatchObject({ code: 'RESOURCE_NAME_TAKEN', errors: [{ field: 'username' }] });
  });

  it('has one tenant when they accept many times at once', async () => {
    const email = newEmail();
    const { id } = (await invite({ email })).body;
    const username = `eager-${people}`;
    const opened = await Promise.all(Array.from({ length: 8 }, () => open(id, email, { username })));
    expect(new Set(opened.map(({ tenant }) => tenant?.id)).size).toBe(1);
    const tenants = await service.call('GET /tenants', { as: anIdentity({ userId: id, userName: username }) });
    expect(tenants.body.items).toHaveLength(1);
  });

  it('is invited over gRPC too, and by operators alone', async () => {
    const request = { email: newEmail(), displayName: '', platformRoles: [] };
    const { user } = await service.asService(() => service.users.inviteUser(request));
    expect(user).toMatchObject({ email: request.email, status: UserStatus.INVITED });
    const member = await service.register('no-operator');
    const refused = await service.call('POST /internal/users:invite', { as: member, body: { email: newEmail() } });
    expect(refused.status).toBe(403);
    expect((await invite({ email: 'nonsense' })).status).toBe(400);
    expect((await invite({ email: newEmail(), username: 'mine' })).status).toBe(400);
  });
}

describe('an invited user', () => {
  beforeAll(() => start());
  afterAll(stop);
  behaviour();
});

describeWith(['mariadbd', 'mariadb-install-db'], 'an invited user, on MariaDB', () => {
  let database: TestServer;
  beforeAll(async () => {
    database = await startMariaDb();
    await start({ DATABASE_URL: database.url });
  }, 60_000);
  afterAll(async () => {
    await stop();
    await database.stop();
  });
  behaviour();
});
