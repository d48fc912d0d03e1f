import { newId } from '@libs/persistence';
import { describeWith, startMariaDb, type TestServer } from '@libs/testing';
import type { Identity } from '@libs/trusted-headers';

import { operator, type TenantServiceForTest, tenantServiceForTest } from '../../test/tenant-service.fixture.js';

let service: TenantServiceForTest;
let people = 0;

const newcomer = (): Promise<Identity> => service.register(`buyer-${(people += 1)}`);
const set = (key: string, body: unknown, headers = {}) =>
  service.call(`PUT /internal/plans/${key}`, { as: operator, body, headers });
const give = (tenantId: string, plan: string | null) =>
  service.call(`PUT /internal/tenants/${tenantId}/plan`, { as: operator, body: { plan } });
const account = ({ userId, tenantId }: Identity) =>
  service.asService(() => service.accounts.getAccount({ userId, tenantId }));

function behaviour(): void {
  it('are there to begin with, and limit nobody who was given none', async () => {
    const list = await service.call('GET /internal/plans', { as: operator });
    expect(list.body.items.map(({ key }: { key: string }) => key)).toEqual(['enterprise', 'free', 'team']);
    expect((await account(await newcomer())).plan).toBeUndefined();
  });

  it('are made, replaced and deleted, in the version that was seen', async () => {
    const body = { name: 'Gold', requests: { quota: 100 }, maxProjects: 3 };
    const made = await set('gold', body);
    expect(made).toMatchObject({
      status: 201,
      body: { key: 'gold', requests: { quota: 100, windowSeconds: 60 }, maxProjects: 3, maxMembers: null },
    });
    expect(await set('gold', { name: 'Gold' })).toMatchObject({ status: 200, body: { requests: null } });
    expect((await set('gold', body, { 'if-match': '"1"' })).status).toBe(412);
    expect((await set('new', body, { 'if-match': '"1"' })).status).toBe(412);
    expect((await set('gold', body, { 'if-none-match': '*' })).status).toBe(412);
    expect((await set('new', body, { 'if-none-match': '*', 'if-match': '*' })).status).toBe(412);
    expect((await set('newest', body, { 'if-none-match': '*' })).status).toBe(201);
    expect((await service.call('DELETE /internal/plans/gold', { as: operator })).status).toBe(204);
    expect((await service.call('GET /internal/plans/gold', { as: operator })).status).toBe(404);
    for (const wrong of [{}, { ...body, maxProjects: -1 }, { ...body, requests: { quota: 0 } }, { ...body, x: 1 }]) {
      expect((await set('wrong', wrong)).status).toBe(400);
    }
  });

  it('are given to a tenant, whose account tells of them, and do not go while it has them', async () => {
    const owner = await newcomer();
    await set('silver', { name: 'Silver', requests: { quota: 7, windowSeconds: 10 } });
    expect(await give(owner.tenantId, 'silver')).toMatchObject({ status: 200, body: { plan: 'silver' } });
    expect((await account(owner)).plan).toMatchObject({ key: 'silver', requests: { quota: 7, windowSeconds: 10 } });
    expect((await service.call('DELETE /internal/plans/silver', { as: operator })).status).toBe(409);
    expect((await give(owner.tenantId, 'gone')).body.code).toBe('REQUEST_INVALID');
    expect((await give(newId(), 'silver')).status).toBe(404);
    expect((await give(owner.tenantId, null)).body).toMatchObject({ plan: null, limits: null });
    const asMember = service.call(`PUT /internal/tenants/${owner.tenantId}/plan`, {
      as: owner,
      body: { plan: 'team' },
    });
    expect((await asMember).status).toBe(403);
  });

  it('never let more members in than there are seats, however many accept at once', async () => {
    const owner = await newcomer();
    const guests = await Promise.all(Array.from({ length: 10 }, newcomer));
    const invite = (guest: Identity) =>
      service.call(`POST /tenants/${owner.tenantId}/invitations`, { as: owner, body: { username: guest.userName } });
    const invited = await Promise.all(guests.map(invite));
    await set('small', { name: 'Small', maxMembers: 4 });
    await give(owner.tenantId, 'small');
    const answers = await Promise.all(
      invited.map(({ body }, index) =>
        service.call(`POST /users/me/invitations/${body.id}:accept`, { as: guests[index] as Identity }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    for (const { status, body } of answers) if (status !== 200) expect(body.code).toBe('TENANT_QUOTA_EXCEEDED');
    const late = await invite(await newcomer());
    expect(late).toMatchObject({ status: 403, body: { code: 'TENANT_QUOTA_EXCEEDED' } });
  });

  it.each([
    { what: 'an account', path: 'invitations', body: async () => ({ username: (await newcomer()).userName }) },
    { what: 'an address', path: 'mail-invitations', body: async () => ({ email: `${newId()}@example.com` }) },
  ])('keep a seat for $what that is invited, until that is taken back', async ({ path, body }) => {
    const owner = await newcomer();
    await set('pair', { name: 'Pair', maxMembers: 2 });
    await give(owner.tenantId, 'pair');
    const place = `/tenants/${owner.tenantId}/${path}`;
    const invite = async () => service.call(`POST ${place}`, { as: owner, body: await body() });
    const first = await invite();
    expect(first.status).toBe(201);
    expect(await invite()).toMatchObject({ status: 403, body: { code: 'TENANT_QUOTA_EXCEEDED' } });
    expect((await service.call(`DELETE ${place}/${first.body.id}`, { as: owner })).status).toBe(204);
    expect((await invite()).status).toBe(201);
  });
}

describe('plans', () => {
  beforeAll(async () => {
    service = await tenantServiceForTest();
  });
  afterAll(() => service.stop());
  behaviour();
});

describeWith(['mariadbd', 'mariadb-install-db'], 'plans, on MariaDB', () => {
  let database: TestServer;
  beforeAll(async () => {
    database = await startMariaDb();
    service = await tenantServiceForTest({ DATABASE_URL: database.url });
  }, 60_000);
  afterAll(async () => {
    await service.stop();
    await database.stop();
  });
  behaviour();
});

describe('the plan of tenants that were given none', () => {
  it('is the one of the settings', async () => {
    const other = await tenantServiceForTest({ DEFAULT_PLAN: 'free' });
    const { userId, tenantId } = await other.register('anybody');
    const { plan } = await other.asService(() => other.accounts.getAccount({ userId, tenantId }));
    expect(plan).toMatchObject({ key: 'free', maxProjects: 10 });
    await other.stop();
  });
});
