import type { Identity } from '@libs/trusted-headers';

import { operator, type TenantServiceForTest, tenantServiceForTest } from '../../test/tenant-service.fixture.js';

let service: TenantServiceForTest;
let people = 0;

beforeAll(async () => {
  service = await tenantServiceForTest();
});
afterAll(() => service.stop());

const nobodys = '01900000-0000-7000-8000-000000000000';

const newcomers = async (): Promise<[Identity, Identity]> => [
  await service.register(`host-${(people += 1)}`),
  await service.register(`guest-${people}`),
];

const invite = (owner: Identity, body: unknown, headers = {}) =>
  service.call(`POST /tenants/${owner.tenantId}/invitations`, { as: owner, body, headers });

const answer = (as: Identity, id: string, verb: string) =>
  service.call(`POST /users/me/invitations/${id}:${verb}`, { as });

describe('inviting', () => {
  it('answers 201 with the invitation, which both sides can read', async () => {
    const [owner, guest] = await newcomers();
    const { status, headers, body } = await invite(owner, { username: guest.userName });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      tenantId: owner.tenantId,
      tenantName: `${owner.userName}'s`,
      userId: guest.userId,
      username: guest.userName,
      role: 'member',
      status: 'pending',
      invitedById: owner.userId,
    });
    expect(headers.get('location')).toBe(`/tenants/${owner.tenantId}/invitations/${body.id}`);
    expect(await service.call(`GET ${headers.get('location')}`, { as: owner })).toMatchObject({ status: 200, body });
    const sent = await service.call(`GET /tenants/${owner.tenantId}/invitations`, { as: owner });
    const got = await service.call('GET /users/me/invitations', { as: guest });
    expect([sent.body.items, got.body.items]).toEqual([[body], [body]]);
    expect((await service.call('GET /users/me/invitations', { as: owner })).body.items).toEqual([]);
  });

  it('by e-mail address says the same whether or not somebody has it, here and in both lists', async () => {
    const [owner, guest] = await newcomers();
    await service.confirmEmail(guest.userId, `${guest.userName}@example.com`);
    const emails = [`${guest.userName}@example.com`, `nobody-${guest.userName}@example.com`];
    const answers = await Promise.all(emails.map((email) => invite(owner, { email, role: 'admin' })));
    expect(answers.map(({ status, body }) => [status, Object.keys(body), body.email])).toEqual(
      emails.map((email) => [201, Object.keys(answers[0]?.body), email]),
    );
    expect(JSON.stringify(answers[0]?.body)).not.toContain(guest.userId);
    const [byName, byMail] = await Promise.all(
      ['invitations', 'mail-invitations'].map((list) =>
        service.call(`GET /tenants/${owner.tenantId}/${list}`, { as: owner }),
      ),
    );
    expect(byName?.body.items).toEqual([]);
    expect(byMail?.body.items.map(({ email }: { email: string }) => email).toSorted()).toEqual(emails.toSorted());
  });

  it('happens once with one Idempotency-Key, and is refused while an invitation is open', async () => {
    const [owner, guest] = await newcomers();
    const once = { 'idempotency-key': 'invite' };
    const first = await invite(owner, { username: guest.userName }, once);
    expect((await invite(owner, { username: guest.userName }, once)).body).toEqual(first.body);
    const again = await invite(owner, { username: guest.userName });
    expect(again).toMatchObject({ status: 409, body: { code: 'RESOURCE_CONFLICT' } });
  });

  it('lets one of ten win who invite the same user at once', async () => {
    const [owner, guest] = await newcomers();
    const answers = await Promise.all(Array.from({ length: 10 }, () => invite(owner, { username: guest.userName })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(9).fill(409)]);
  });

  it('is refused for a member, for nobody, and to a role above the own', async () => {
    const [owner, guest] = await newcomers();
    const [, other] = await newcomers();
    const { body } = await invite(owner, { username: guest.userName, role: 'admin' });
    await answer(guest, body.id, 'accept');
    expect((await invite(owner, { username: guest.userName })).status).toBe(409);
    const nobody = await invite(owner, { username: 'nobody-at-all' });
    expect(nobody).toMatchObject({ status: 404, body: { errors: [{ field: 'username' }] } });
    const above = await invite({ ...guest, tenantId: owner.tenantId }, { username: other.userName, role: 'owner' });
    expect(above).toMatchObject({ status: 403, body: { code: 'ACCESS_DENIED' } });
  });

  it.each([
    { body: {}, field: 'username' },
    { body: { username: 'x1', email: 'x@example.com' }, field: 'username' },
    { body: { email: 'nowhere' }, field: 'email' },
    { body: { username: 'x1', role: 'king' }, field: 'role' },
    { body: { username: 'x1', note: 'hi' }, field: 'note' },
  ])('refuses $body with a word about $field', async ({ body, field }) => {
    const [owner] = await newcomers();
    expect(await invite(owner, body)).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });
});

describe('answering an invitation', () => {
  it('makes a member with the role of the invitation, once', async () => {
    const [owner, guest] = await newcomers();
    const { body } = await invite(owner, { username: guest.userName, role: 'admin' });
    expect(await answer(guest, body.id, 'accept')).toMatchObject({
      status: 200,
      body: { id: body.id, status: 'accepted' },
    });
    const tenants = await service.call('GET /tenants', { as: guest });
    expect(tenants.body.items.map(({ role }: { role: string }) => role)).toEqual(['admin', 'owner']);
    expect((await answer(guest, body.id, 'accept')).status).toBe(409);
    expect((await answer(guest, body.id, 'decline')).status).toBe(409);
  });

  it('can be a no, after which another invitation may come', async () => {
    const [owner, guest] = await newcomers();
    const { body } = await invite(owner, { username: guest.userName });
    expect(await answer(guest, body.id, 'decline')).toMatchObject({ status: 200, body: { status: 'declined' } });
    expect((await service.call(`GET /tenants/${owner.tenantId}`, { as: guest })).status).toBe(403);
    expect((await invite(owner, { username: guest.userName })).status).toBe(201);
  });

  it('counts once when many answers come at once', async () => {
    const [owner, guest] = await newcomers();
    const { body } = await invite(owner, { username: guest.userName });
    const verbs = ['accept', 'decline', 'accept', 'decline'];
    const answers = await Promise.all(verbs.map((verb) => answer(guest, body.id, verb)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
  });

  it('is for the invited user alone', async () => {
    const [owner, guest] = await newcomers();
    const [, other] = await newcomers();
    const { body } = await invite(owner, { username: guest.userName });
    for (const verb of ['accept', 'decline']) {
      expect((await answer(owner, body.id, verb)).status).toBe(404);
      expect((await answer(other, body.id, verb)).status).toBe(404);
      expect((await answer(guest, nobodys, verb)).status).toBe(404);
    }
  });

  it('does not lead into a disabled tenant', async () => {
    const [owner, guest] = await newcomers();
    const { body } = await invite(owner, { username: guest.userName });
    await service.call(`PUT /internal/tenants/${owner.tenantId}/status`, {
      as: operator,
      body: { status: 'disabled' },
    });
    expect(await answer(guest, body.id, 'accept')).toMatchObject({
      status: 403,
      body: { code: 'ACCESS_TENANT_INACTIVE' },
    });
  });

  it('knows two verbs and nothing else', async () => {
    const [, guest] = await newcomers();
    const post = (rest: string) => service.call(`POST /users/me/invitations${rest}`, { as: guest });
    for (const rest of [
      `/${nobodys}`,
      `/${nobodys}:steal`,
      '/:accept',
      `/${nobodys}:accept/`,
      `/${nobodys}:accept:accept`,
    ]) {
      expect(await post(rest)).toMatchObject({ status: 404, body: { code: 'ROUTE_NOT_FOUND' } });
    }
    expect(await post('/42:accept')).toMatchObject({ status: 400, body: { errors: [{ field: 'id' }] } });
  });
});

describe('taking an invitation back', () => {
  it('leaves nothing to accept', async () => {
    const [owner, guest] = await newcomers();
    const { headers, body } = await invite(owner, { username: guest.userName });
    const place = headers.get('location');
    expect((await service.call(`DELETE ${place}`, { as: guest })).status).toBe(403);
    expect((await service.call(`DELETE ${place}`, { as: owner, headers: { 'if-match': '"7"' } })).status).toBe(412);
    expect((await service.call(`DELETE ${place}`, { as: owner })).status).toBe(204);
    expect((await answer(guest, body.id, 'accept')).status).toBe(404);
  });

  it("does not reach another tenant's invitations", async () => {
    const [owner, guest] = await newcomers();
    const [other] = await newcomers();
    const { body } = await invite(owner, { username: guest.userName });
    const elsewhere = `/tenants/${other.tenantId}/invitations/${body.id}`;
    expect((await service.call(`GET ${elsewhere}`, { as: other })).status).toBe(404);
    expect((await service.call(`DELETE ${elsewhere}`, { as: other })).status).toBe(404);
  });
});
