import { createHash } from 'node:crypto';

import { AuditOutcome, AuditServiceService, type AuditEvent } from '@libs/grpc';
import { newId } from '@libs/persistence';
import { anIdentity, sealedClient, sealedHeaders, until } from '@libs/testing';
import { type Identity, serviceIdentity } from '@libs/trusted-headers';

import { operator, type TenantServiceForTest, tenantServiceForTest } from '../../test/tenant-service.fixture.js';

const relay = serviceIdentity('project-service');

describe('the audit trail', () => {
  let service: TenantServiceForTest;
  let trail: ReturnType<typeof sealedClient<AuditServiceService>>;
  let owner: Identity;
  let stranger: Identity;
  let events: AuditEvent[];

  beforeAll(async () => {
    service = await tenantServiceForTest();
    trail = sealedClient('tenant-service', AuditServiceService, service);
    owner = await service.register('olivia');
    stranger = await service.register('steven');
    events = Array.from({ length: 250 }, (_, n) => ({
      id: newId(),
      tenantId: owner.tenantId,
      time: new Date(Date.UTC(2026, 0, 1, 0, 0, n)),
      service: 'project-service',
      action: n % 2 === 0 ? 'project.created' : 'project.deleted',
      target: `project-${n}`,
      outcome: n % 10 === 9 ? AuditOutcome.REFUSED : AuditOutcome.DONE,
      reason: n % 10 === 9 ? 'ACCESS_DENIED' : '',
      actorId: owner.userId,
      actorMethod: 'jwt',
      sessionId: owner.sessionId,
      apiKeyId: '',
      clientAddress: '192.0.2.7',
      requestId: `request-${n}`,
      traceId: '',
      detailsJson: JSON.stringify({ name: n === 0 ? '=cmd()' : 'Lighthouse' }),
    }));
    await trail.as(relay, async (client) => {
      await client.appendAuditEvents({ events: events.slice(0, 200) });
      await client.appendAuditEvents({ events: events.slice(150) });
    });
  });
  afterAll(async () => {
    trail.close();
    await service.stop();
  });

  const mine = 'service = "project-service"';
  const list = (query: Record<string, string>, as = owner) =>
    service.call(`GET /tenants/${owner.tenantId}/audit?${new URLSearchParams(query).toString()}`, { as });
  const text = async (path: string, as: Identity): Promise<{ status: number; text: string; headers: Headers }> => {
    const request = { audience: 'tenant-service', sealKey: service.sealKey, method: 'GET', identity: as };
    const headers = sealedHeaders({ ...request, path: path.split('?')[0] ?? '' });
    const answer = await fetch(service.http + path, { headers });
    return { status: answer.status, text: await answer.text(), headers: answer.headers };
  };

  it('is listed for the owner, the newest first, page by page', async () => {
    const first = await list({ pageSize: '100', filter: mine });
    expect(first.body.items).toHaveLength(100);
    expect(first.body.items[0]).toMatchObject({
      action: 'project.deleted',
      target: 'project-249',
      outcome: 'refused',
      reason: 'ACCESS_DENIED',
      actorId: owner.userId,
      clientAddress: '192.0.2.7',
      time: '2026-01-01T00:04:09.000Z',
      details: { name: 'Lighthouse' },
    });
    const second = await list({ pageSize: '100', filter: mine, pageToken: first.body.nextPageToken });
    expect(second.body.items[0].target).toBe('project-149');
  });

  it.each([
    { filter: `${mine} AND outcome = "refused"`, count: 25 },
    { filter: `${mine} AND action = "project.created" AND time < "2026-01-01T00:00:10Z"`, count: 5 },
    { filter: `${mine} AND target = "project-7"`, count: 1 },
    { filter: `${mine} AND actorId = "nobody"`, count: 0 },
  ])('is filtered by $filter', async ({ filter, count }) => {
    expect((await list({ filter, pageSize: '100' })).body.items).toHaveLength(count);
  });

  it('is nobody else’s: who is not in the tenant learns nothing, who is only a member neither', async () => {
    const elsewhere = await list({}, stranger);
    const nowhere = await service.call(`GET /tenants/${newId()}/audit`, { as: stranger });
    expect(elsewhere).toMatchObject({ status: 403, body: { code: 'ACCESS_TENANT_DENIED' } });
    expect(nowhere).toMatchObject({ status: 403, body: { code: 'ACCESS_TENANT_DENIED' } });
    const invited = { as: owner, body: { username: 'steven', role: 'member' } };
    const { body } = await service.call(`POST /tenants/${owner.tenantId}/invitations`, invited);
    await service.call(`POST /users/me/invitations/${body.id}:accept`, { as: stranger });
    expect(await list({}, stranger)).toMatchObject({ status: 403, body: { code: 'ACCESS_DENIED' } });
    expect((await text(`/tenants/${owner.tenantId}/audit/export`, stranger)).status).toBe(403);
  });

  it('has one entry for everything that is done in a tenant, and none for what is refused', async () => {
    const [boss, guest] = [await service.register('boss'), await service.register('guest')];
    const tenant = `/tenants/${boss.tenantId}`;
    const ask = (line: string, as: Identity, body?: unknown) => service.call(line, { as, body });
    await ask(`POST ${tenant}/roles`, boss, { name: 'readers', permissions: ['projects:read'] });
    await ask(`PATCH ${tenant}/roles/readers`, boss, { permissions: ['projects:read', 'members:read'] });
    const invited = await ask(`POST ${tenant}/invitations`, boss, { username: 'guest', role: 'member' });
    await ask(`POST ${tenant}/invitations`, boss, { username: 'guest', role: 'member' });
    await ask(`POST /users/me/invitations/${invited.body.id}:accept`, guest);
    await ask(`PATCH ${tenant}/members/${guest.userId}`, boss, { role: 'readers' });
    await ask(`PATCH ${tenant}/members/${guest.userId}`, guest, { role: 'owner' });
    await ask(`PATCH ${tenant}`, boss, { name: 'Another name' });
    await ask(`DELETE ${tenant}/members/${guest.userId}`, boss);
    await ask(`DELETE ${tenant}/roles/readers`, boss);
    await ask(`DELETE ${tenant}/roles/readers`, boss);

    const { body } = await until(
      () => service.call(`GET ${tenant}/audit?orderBy=sequence&pageSize=100`, { as: boss }),
      (answer) => answer.body.items.some(({ action }: { action: string }) => action === 'role.deleted'),
    );
    const told = (body.items as { action: string; target: string; actorId: string }[]).map(
      ({ action, target, actorId }) => [action, target, actorId],
    );
    expect(told).toEqual([
      ['tenant.created', boss.tenantId, 'auth-service'],
      ['member.added', boss.userId, 'auth-service'],
      ['role.created', 'readers', boss.userId],
      ['role.updated', 'readers', boss.userId],
      ['invitation.created', invited.body.id, boss.userId],
      ['member.added', guest.userId, guest.userId],
      ['invitation.accepted', invited.body.id, guest.userId],
      ['member.changed', guest.userId, boss.userId],
      ['tenant.updated', boss.tenantId, boss.userId],
      ['member.removed', guest.userId, boss.userId],
      ['role.deleted', 'readers', boss.userId],
    ]);
  });

  it('is exported whole as lines of JSON, whose hashes anybody can recompute', async () => {
    const { status, text: lines, headers } = await text(`/tenants/${owner.tenantId}/audit/export`, owner);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/x-ndjson');
    const records = lines
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(records.filter((record) => record['service'] === 'project-service')).toHaveLength(250);

    let previousHash = '0'.repeat(64);
    records.forEach(({ hash, ...record }, index) => {
      expect(record).toMatchObject({ sequence: index + 1, previousHash });
      const sorted = inOrder({ ...record, details: inOrder(record['details'] as object) });
      expect(hash).toBe(createHash('sha256').update(JSON.stringify(sorted)).digest('hex'));
      previousHash = String(hash);
    });
  });

  it('is exported as CSV that no spreadsheet runs', async () => {
    const path = `/tenants/${owner.tenantId}/audit/export?format=csv&filter=${encodeURIComponent(mine)}`;
    const { text: csv, headers } = await text(path, owner);
    expect(headers.get('content-type')).toContain('text/csv');
    const lines = csv.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^sequence,time,tenantId,actorId,/);
    expect(lines).toHaveLength(251);
    for (const cell of csv.split(/[,\n]/)) expect(cell).not.toMatch(/^"?[=+@-]/);
  });

  it('is verified for an operator, chain by chain', async () => {
    const { status, text: lines } = await text('/internal/audit/verification', operator);
    expect(status).toBe(200);
    const reports = lines
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(reports).toContainEqual(expect.objectContaining({ tenantId: owner.tenantId, intact: true }));
    expect(reports.every(({ intact }) => intact)).toBe(true);
    expect((await text('/internal/audit/verification', owner)).status).toBe(403);
  });

  it('takes events from services only, and none that is not whole', async () => {
    const append = (event: AuditEvent, as: Identity = relay) =>
      trail.as(as, (client) => client.appendAuditEvents({ events: [event] }));
    const event = { ...(events[0] as AuditEvent), id: newId() };
    await expect(append(event, anIdentity({ roles: ['owner', 'platform-admin'] }))).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
    });
    await expect(append({ ...event, detailsJson: '{' })).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    await expect(append({ ...event, outcome: AuditOutcome.UNSPECIFIED })).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
    });
    const filter = `requestId = "${event.requestId}"`;
    expect((await list({ filter })).body.items).toHaveLength(1);
  });
});

const inOrder = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));
