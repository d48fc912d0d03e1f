import { operator, type TenantServiceForTest, tenantServiceForTest } from '../../test/tenant-service.fixture.js';

let service: TenantServiceForTest;

beforeAll(async () => {
  service = await tenantServiceForTest();
});
afterAll(() => service.stop());

const nobodys = '01900000-0000-7000-8000-000000000000';

describe('tenants', () => {
  it('are listed to their own members only, each with the role there', async () => {
    const alice = await service.register('alice');
    await service.register('mallory');
    const list = await service.call('GET /tenants', { as: alice });
    expect(list).toMatchObject({
      status: 200,
      body: { items: [{ id: alice.tenantId, name: "alice's", status: 'active', role: 'owner' }], nextPageToken: '' },
    });
    expect(list.body.items).toHaveLength(1);
    const read = await service.call(`GET /tenants/${alice.tenantId}`, { as: alice });
    expect(read).toMatchObject({ status: 200, body: list.body.items[0] });
    expect(read.headers.get('etag')).toMatch(/^"1\.[\w-]{8}"$/);
  });

  it('answer alike whether they are not there or belong to others', async () => {
    const bob = await service.register('bob');
    const { tenantId } = await service.register('carol');
    const paths = ['', '/members', `/members/${bob.userId}`, '/invitations'];
    for (const id of [tenantId, nobodys]) {
      for (const path of paths) {
        const refused = await service.call(`GET /tenants/${id}${path}`, { as: bob });
        expect(refused).toMatchObject({ status: 403, body: { code: 'ACCESS_TENANT_DENIED' } });
      }
    }
  });

  it('are not opened by roles that the headers claim for another tenant', async () => {
    const { tenantId } = await service.register('dave');
    const erin = { ...(await service.register('erin')), roles: ['owner', 'platform-admin'] };
    const body = { username: 'erin', role: 'owner' };
    const refused = await service.call(`POST /tenants/${tenantId}/invitations`, { as: erin, body });
    expect(refused).toMatchObject({ status: 403, body: { code: 'ACCESS_TENANT_DENIED' } });
  });

  it('ask for a second factor: then members act in them by calls that name them, which the gateway has let in', async () => {
    const owner = await service.register('dutiful');
    const line = `/tenants/${owner.tenantId}`;
    const made = await service.call('POST /tenants', { as: owner, body: { name: 'Elsewhere' } });
    const elsewhere = { ...owner, tenantId: made.body.id as string };
    const change = { requireSecondFactor: true };
    expect((await service.call(`GET ${line}`, { as: owner })).body.requireSecondFactor).toBe(false);
    expect((await service.call(`PATCH ${line}`, { as: elsewhere, body: change })).body).toMatchObject(change);
    const account = await service.asService(() => service.accounts.getAccount({ ...owner }));
    expect(account.tenant).toMatchObject(change);

    const refused = { status: 403, body: { code: 'ACCESS_SECOND_FACTOR_REQUIRED' } };
    const off = { requireSecondFactor: false };
    expect(await service.call(`PATCH ${line}`, { as: elsewhere, body: off })).toMatchObject(refused);
    for (const path of ['/members', '/roles', '/invitations', '/audit']) {
      expect(await service.call(`GET ${line}${path}`, { as: elsewhere })).toMatchObject(refused);
      expect((await service.call(`GET ${line}${path}`, { as: owner })).status).toBe(200);
    }
    expect((await service.call(`PATCH ${line}`, { as: owner, body: {} })).status).toBe(400);
    expect((await service.call(`PATCH ${line}`, { as: owner, body: off })).body).toMatchObject(off);
    expect((await service.call('GET /tenants', { as: elsewhere })).status).toBe(200);
  });

  it('let new members in, and old ones out, whatever they ask for', async () => {
    const [owner, guest] = [await service.register('keeper'), await service.register('passing')];
    const line = `/tenants/${owner.tenantId}`;
    await service.call(`PATCH ${line}`, { as: owner, body: { requireSecondFactor: true } });
    const invited = await service.call(`POST ${line}/invitations`, { as: owner, body: { username: 'passing' } });
    const accept = `POST /users/me/invitations/${invited.body.id}:accept`;
    expect((await service.call(accept, { as: guest })).status).toBe(200);
    expect((await service.call(`DELETE ${line}/members/${guest.userId}`, { as: guest })).status).toBe(204);
  });

  it('can be disabled by the operator: then they can be read and left, but not changed', async () => {
    const owner = await service.register('frank');
    await service.register('grace');
    const line = `PUT /internal/tenants/${owner.tenantId}/status`;
    const disabled = await service.call(line, {
      as: operator,
      body: { status: 'disabled' },
      headers: { 'if-match': '"1"' },
    });
    expect(disabled).toMatchObject({ status: 200, body: { id: owner.tenantId, status: 'disabled' } });
    const late = await service.call(line, { as: operator, body: { status: 'active' }, headers: { 'if-match': '"1"' } });
    expect(late.status).toBe(412);

    const read = await service.call(`GET /tenants/${owner.tenantId}`, { as: owner });
    expect(read).toMatchObject({ status: 200, body: { status: 'disabled' } });
    const refused = await service.call(`POST /tenants/${owner.tenantId}/invitations`, {
      as: owner,
      body: { username: 'grace' },
    });
    expect(refused).toMatchObject({ status: 403, body: { code: 'ACCESS_TENANT_INACTIVE' } });
  });

  it('are managed by operators only', async () => {
    const owner = await service.register('heidi');
    const refused = await service.call(`PUT /internal/tenants/${owner.tenantId}/status`, {
      as: owner,
      body: { status: 'active' },
    });
    expect(refused).toMatchObject({ status: 403, body: { code: 'ACCESS_DENIED' } });
    expect((await service.call(`GET /internal/tenants/${nobodys}`, { as: operator })).status).toBe(404);
    const wrong = await service.call('GET /tenants/mine', { as: owner });
    expect(wrong).toMatchObject({ status: 400, body: { errors: [{ field: 'id' }] } });
  });
});
