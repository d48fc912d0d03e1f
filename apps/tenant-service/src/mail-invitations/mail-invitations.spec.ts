import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { until } from '@libs/testing';
import type { Identity } from '@libs/trusted-headers';

import { operator, type TenantServiceForTest, tenantServiceForTest } from '../../test/tenant-service.fixture.js';

let service: TenantServiceForTest;
let people = 0;

beforeAll(async () => {
  service = await tenantServiceForTest({ ACCOUNT_URL: 'https://pages.example.com/' });
});
afterAll(() => service.stop());

const newcomer = (): Promise<Identity> => service.register(`pen-${(people += 1)}`);
const invite = (as: Identity, owner: Identity, body: unknown, headers = {}) =>
  service.call(`POST /tenants/${owner.tenantId}/mail-invitations`, { as, body, headers });
const accept = (as: Identity, token: string) =>
  service.call('POST /users/me/mail-invitations:accept', { as, body: { token } });

/** The letters to an address, as they lie in the folder. */
async function lettersTo(address: string): Promise<string[]> {
  const folder = join(service.dataDir, 'mail');
  const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.eml'));
  const letters = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  return letters.filter((letter) => letter.includes(address));
}

async function tokenFor(address: string): Promise<string> {
  const [letter = ''] = await until(
    () => lettersTo(address),
    (letters) => letters.length > 0,
  );
  return /^gti_[\w-]{43}(?=\r?$)/m.exec(letter)?.[0] as string;
}

describe('an invitation by mail', () => {
  it('reaches an address without an account, and makes whoever reads it a member, once', async () => {
    const owner = await newcomer();
    const invited = await invite(owner, owner, { email: 'new@example.org', role: 'admin' });
    expect(invited).toMatchObject({ status: 201, body: { email: 'new@example.org', role: 'admin' } });
    expect(invited.headers.get('location')).toBe(`/tenants/${owner.tenantId}/mail-invitations/${invited.body.id}`);
    const token = await tokenFor('new@example.org');
    expect(JSON.stringify(invited.body)).not.toContain(token);

    const [reader, other] = [await newcomer(), await newcomer()];
    const answers = await Promise.all([reader, other].map((as) => accept(as, token)));
    // The other one comes too late for the token, or for the address.
    expect(answers.map(({ status }) => (status === 403 ? 404 : status)).sort()).toEqual([200, 404]);
    expect(answers.find(({ status }) => status === 200)?.body).toMatchObject({ id: owner.tenantId, role: 'admin' });
    const tenant = await service.call(`GET /tenants/${owner.tenantId}`, { as: owner });
    const etags = answers.filter(({ status }) => status === 200).map(({ headers }) => headers.get('etag'));
    // The same version, shown to somebody with another role in it.
    const versions = [...etags, tenant.headers.get('etag')].map((tag) => /^"(\d+)\./.exec(String(tag))?.[1]);
    expect(versions).toEqual(['1', '1']);
    expect(etags).not.toEqual([tenant.headers.get('etag')]);
    expect((await accept(reader, token)).status).toBe(404);
    const list = await service.call(`GET /tenants/${owner.tenantId}/mail-invitations`, { as: owner });
    expect(list.body.items).toEqual([]);
  });

  it('is guessed by nobody: twenty of fifty wrong tokens of one user are looked at, and others go on', async () => {
    const [guesser, other] = [await newcomer(), await newcomer()];
    const guess = () => accept(guesser, `gti_${randomBytes(32).toString('base64url')}`);
    const answers = await Promise.all(Array.from({ length: 50 }, guess));
    const counted = (wanted: number) => answers.filter(({ status }) => status === wanted).length;
    expect([counted(404), counted(429)]).toEqual([20, 30]);
    expect(Number(answers.find(({ status }) => status === 429)?.headers.get('retry-after'))).toBeGreaterThan(0);

    const owner = await newcomer();
    await invite(owner, owner, { email: 'unhindered@example.org', role: 'member' });
    expect((await accept(other, await tokenFor('unhindered@example.org'))).status).toBe(200);
  });

  it('says the same whether or not the address has an account, and nothing that the inviter chose', async () => {
    const owner = await newcomer();
    await service.call(`PATCH /tenants/${owner.tenantId}`, { as: owner, body: { name: 'Buy now http://x.example' } });
    const known = await newcomer();
    const answers = await Promise.all(
      [`${known.userName}@example.com`, 'stranger@example.org'].map((email) => invite(owner, owner, { email })),
    );
    const shapes = answers.map(({ status, body }) => [status, Object.keys(body)]);
    expect(shapes[0]).toEqual(shapes[1]);
    await tokenFor('stranger@example.org');
    expect((await lettersTo('stranger@example.org'))[0]).not.toContain('Buy now');
  });

  it('is sent once while it is open, and of no use once it is taken back', async () => {
    const owner = await newcomer();
    const email = 'back@example.org';
    const once = { 'idempotency-key': 'mail-once' };
    const { body } = await invite(owner, owner, { email }, once);
    expect((await invite(owner, owner, { email }, once)).body).toEqual(body);
    expect((await invite(owner, owner, { email: 'BACK@example.org' })).status).toBe(409);
    const token = await tokenFor(email);
    expect(await lettersTo(email)).toHaveLength(1);
    const place = `/tenants/${owner.tenantId}/mail-invitations/${body.id}`;
    expect((await service.call(`DELETE ${place}`, { as: await newcomer() })).status).toBe(403);
    const stale = { as: owner, headers: { 'if-match': '"7"' } };
    expect(await service.call(`DELETE ${place}`, stale)).toMatchObject({
      status: 412,
      body: { code: 'RESOURCE_CHANGED' },
    });
    expect((await service.call(`DELETE ${place}`, { as: owner })).status).toBe(204);
    expect((await service.call(`DELETE ${place}`, { as: owner })).status).toBe(404);
    expect((await accept(await newcomer(), token)).status).toBe(404);
  });

  it('gives no more than the inviter has, takes no key, and lets nobody into a tenant that is disabled', async () => {
    const owner = await newcomer();
    expect((await invite(await newcomer(), owner, { email: 'a@example.org' })).status).toBe(403);
    const key = { ...owner, authMethod: 'api-key' as const, scopes: ['members:manage'] };
    expect((await invite(key, owner, { email: 'a@example.org', role: 'owner' })).status).toBe(403);
    expect((await invite(owner, owner, { email: 'a@example.org', role: 'nobody' })).status).toBe(400);
    await invite(owner, owner, { email: 'late@example.org' });
    const token = await tokenFor('late@example.org');
    const guest = await newcomer();
    expect((await accept({ ...guest, authMethod: 'api-key' }, token)).status).toBe(403);
    const status = (to: string) =>
      service.call(`PUT /internal/tenants/${owner.tenantId}/status`, { as: operator, body: { status: to } });
    await status('disabled');
    expect((await accept(guest, token)).body.code).toBe('ACCESS_TENANT_INACTIVE');
    await status('active');
    expect((await accept(guest, token)).status).toBe(200);
  });
});
