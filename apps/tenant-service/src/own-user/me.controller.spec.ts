import { anIdentity } from '@libs/testing';
import { anonymous } from '@libs/trusted-headers';

import { type TenantServiceForTest, tenantServiceForTest } from '../../test/tenant-service.fixture.js';

let service: TenantServiceForTest;

beforeAll(async () => {
  service = await tenantServiceForTest();
});
afterAll(() => service.stop());

describe('/users/me', () => {
  it("reads and changes the caller's own user", async () => {
    const alice = await service.register('alice');
    const me = await service.call('GET /users/me', { as: alice });
    expect(me).toMatchObject({
      status: 200,
      body: { id: alice.userId, username: 'alice', status: 'active', defaultTenantId: alice.tenantId },
    });

    const headers = { 'if-match': me.headers.get('etag') ?? '' };
    const changed = await service.call('PATCH /users/me', { as: alice, body: { displayName: 'Alice A.' }, headers });
    expect(changed).toMatchObject({ status: 200, body: { displayName: 'Alice A.' } });
    const late = await service.call('PATCH /users/me', { as: alice, body: { displayName: 'Late' }, headers });
    expect(late).toMatchObject({ status: 412, body: { code: 'RESOURCE_CHANGED' } });
  });

  it('is changed by who has logged in, and by no API key, whatever it may do in its tenant', async () => {
    const grace = await service.register('grace');
    const key = { ...grace, authMethod: 'api-key', apiKeyId: 'key-1', sessionId: '' } as const;
    const body = { email: 'thief@example.com' };
    expect(await service.call('PATCH /users/me', { as: key, body })).toMatchObject({
      status: 403,
      body: { code: 'ACCESS_DENIED' },
    });
    const { email, ...me } = (await service.call('GET /users/me', { as: key })).body;
    expect(me.id).toBe(grace.userId);
    expect(email).not.toBe(body.email);
    expect((await service.call('GET /users/me/invitations', { as: key })).status).toBe(403);
    const narrow = { ...key, scopes: ['reports:read'] };
    expect((await service.call('GET /users/me', { as: narrow })).status).toBe(403);
  });

  it('does not let users make more of themselves', async () => {
    const bob = await service.register('bob');
    for (const field of ['platformRoles', 'status', 'username', 'id']) {
      const refused = await service.call('PATCH /users/me', { as: bob, body: { [field]: 'platform-admin' } });
      expect(refused.status).toBe(400);
      expect(refused.body.errors).toContainEqual(expect.objectContaining({ field }));
    }
  });

  it('takes one of the own tenants as the default, and no other', async () => {
    const carol = await service.register('carol');
    const { tenantId } = await service.register('dave');
    const body = { defaultTenantId: tenantId };
    const refused = await service.call('PATCH /users/me', { as: carol, body });
    expect(refused).toMatchObject({ status: 403, body: { code: 'ACCESS_TENANT_DENIED' } });
    const same = await service.call('PATCH /users/me', {
      as: carol,
      body: { defaultTenantId: carol.tenantId.toUpperCase() },
    });
    expect(same).toMatchObject({ status: 200, body: { defaultTenantId: carol.tenantId } });
  });

  it('keeps the e-mail address until another is confirmed, and tells nobody whose that is', async () => {
    const [erin, frank] = await Promise.all(['erin', 'frank'].map((name) => service.register(name)));
    if (erin === undefined || frank === undefined) throw new Error('nobody');
    await service.confirmEmail(frank.userId, 'frank@example.com');
    const before = await service.call('GET /users/me', { as: erin });
    const answers = [];
    for (const email of ['FRANK@example.com', 'nobody@example.com']) {
      answers.push(await service.call('PATCH /users/me', { as: erin, body: { email } }));
    }
    expect(answers.map(({ status, body }) => ({ status, body }))).toEqual(
      answers.map(() => ({ status: 200, body: before.body })),
    );
    const { userId, sessionId } = erin;
    expect(service.authService.changes.slice(-2)).toEqual([
      { userId, sessionId, email: 'FRANK@example.com' },
      { userId, sessionId, email: 'nobody@example.com' },
    ]);
    const late = { as: erin, body: { email: 'late@example.com' }, headers: { 'if-match': '"7"' } };
    expect((await service.call('PATCH /users/me', late)).status).toBe(412);
    expect(service.authService.changes.at(-1)?.email).toBe('nobody@example.com');
  });

  it('asks for a step-up before another e-mail address, and changes nothing without one', async () => {
    const heidi = await service.register('heidi');
    service.authService.stepUpNeeded = { methods: ['totp'], maxAge: 600 };
    const body = { email: 'h@example.com', displayName: 'Thief' };
    const refused = await service.call('PATCH /users/me', { as: heidi, body });
    service.authService.stepUpNeeded = undefined;
    expect(refused).toMatchObject({
      status: 401,
      body: { code: 'AUTH_STEP_UP_REQUIRED', stepUp: { methods: ['totp'], maxAge: 600 } },
    });
    expect(refused.headers.get('www-authenticate')).toMatch(/insufficient_user_authentication.*acr_values="mfa"/);
    expect((await service.call('GET /users/me', { as: heidi })).body.displayName).toBe('heidi');
    // Who has no session of ours has nothing that could be recent.
    expect((await service.call('PATCH /users/me', { as: { ...heidi, sessionId: '' }, body })).status).toBe(403);
  });

  it('is open to who has no tenant', async () => {
    const ivan = { ...(await service.register('ivan')), tenantId: '', roles: [] };
    expect((await service.call('GET /users/me', { as: ivan })).body.username).toBe('ivan');
    const renamed = await service.call('PATCH /users/me', { as: ivan, body: { displayName: 'Ivan' } });
    expect(renamed).toMatchObject({ status: 200, body: { displayName: 'Ivan' } });
  });

  it.each([
    { who: 'nobody', as: anonymous, status: 401, code: 'AUTH_CREDENTIALS_MISSING' },
    { who: 'a disabled user', as: anIdentity({ active: false }), status: 403, code: 'ACCESS_USER_INACTIVE' },
  ])('is closed to $who', async ({ as, status, code }) => {
    expect(await service.call('GET /users/me', { as })).toMatchObject({ status, body: { code } });
  });
});
