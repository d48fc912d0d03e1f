import { jest } from '@jest/globals';

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { until } from '@libs/testing';
import type { Identity } from '@libs/trusted-headers';

import { invitationLifetimeMs } from './invitation-ends.js';
import { operator, type TenantServiceForTest, tenantServiceForTest } from '../../test/tenant-service.fixture.js';

let service: TenantServiceForTest;
let people = 0;

/** Only the clock moves on: sockets and timers go on as they are. */
const doNotFakeButDate = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;

beforeAll(async () => {
  service = await tenantServiceForTest();
});
afterAll(() => service.stop());

const newcomer = (): Promise<Identity> => service.register(`host-${(people += 1)}`);

async function joins(owner: Identity, role: string): Promise<Identity> {
  const user = await newcomer();
  expect((await accept(user, await byName(owner, owner, user, role))).status).toBe(200);
  return user;
}

async function byName(as: Identity, { tenantId }: Identity, guest: Identity, role = 'member'): Promise<string> {
  const body = { username: guest.userName, role };
  const invited = await service.call(`POST /tenants/${tenantId}/invitations`, { as, body });
  expect(invited.status).toBe(201);
  return invited.body.id as string;
}
const accept = (as: Identity, id: string) => service.call(`POST /users/me/invitations/${id}:accept`, { as });

async function byMail(as: Identity, { tenantId }: Identity, role = 'member'): Promise<string> {
  const email = `pen-${(people += 1)}@example.org`;
  expect((await service.call(`POST /tenants/${tenantId}/mail-invitations`, { as, body: { email, role } })).status).toBe(
    201,
  );
  const folder = join(service.dataDir, 'mail');
  const find = async (): Promise<string | undefined> => {
    const names = await readdir(folder).catch(() => []);
    const letters = await Promise.all(
      names.filter((name) => name.endsWith('.eml')).map((name) => readFile(join(folder, name), 'utf8')),
    );
    return letters.find((letter) => letter.includes(email));
  };
  const letter = await until(find, (found) => found !== undefined);
  return /^gti_[\w-]{43}(?=\r?$)/m.exec(letter ?? '')?.[0] ?? 'no token';
}
const acceptMail = (as: Identity, token: string) =>
  service.call('POST /users/me/mail-invitations:accept', { as, body: { token } });

const place = (owner: Identity, user: Identity): string => `/tenants/${owner.tenantId}/members/${user.userId}`;

describe('an invitation ends', () => {
  it.each<{ when: string; happens: (owner: Identity, sender: Identity) => Promise<{ status: number }> }>([
    {
      when: 'its sender is removed from the tenant',
      happens: (owner, sender) => service.call(`DELETE ${place(owner, sender)}`, { as: owner }),
    },
    {
      when: 'its sender leaves',
      happens: (owner, sender) => service.call(`DELETE ${place(owner, sender)}`, { as: sender }),
    },
    {
      when: 'its sender may not invite any more',
      happens: (owner, sender) =>
        service.call(`PATCH ${place(owner, sender)}`, { as: owner, body: { role: 'member' } }),
    },
    {
      when: 'its sender is deleted',
      happens: (_, sender) => service.call(`DELETE /internal/users/${sender.userId}`, { as: operator }),
    },
    ...(['lock', 'suspend'] as const).map((command) => ({
      when: `its sender is the object of ${command}`,
      happens: (_: Identity, sender: Identity) =>
        service.call(`POST /internal/users/${sender.userId}:${command}`, { as: operator, body: { reason: 'a test' } }),
    })),
    {
      when: 'its sender is disabled',
      happens: (_, sender) =>
        service.call(`PUT /internal/users/${sender.userId}/status`, { as: operator, body: { status: 'disabled' } }),
    },
  ])('when $when, by name and by e-mail', async ({ happens }) => {
    const owner = await newcomer();
    const sender = await joins(owner, 'admin');
    const [guest, reader] = [await newcomer(), await newcomer()];
    const id = await byName(sender, owner, guest);
    const token = await byMail(sender, owner);
    const [kept, keptToken] = [await byName(owner, owner, reader), await byMail(owner, owner)];

    expect((await happens(owner, sender)).status).toBeLessThan(300);
    expect([(await accept(guest, id)).status, (await acceptMail(guest, token)).status]).toEqual([404, 404]);
    expect((await service.call('GET /users/me/invitations', { as: guest })).body.items).toEqual([]);
    // It keeps nobody from inviting again, and ends nothing of others.
    await byName(owner, owner, guest);
    expect([(await accept(reader, kept)).status, (await acceptMail(await newcomer(), keptToken)).status]).toEqual([
      200, 200,
    ]);
  });

  it('when its sender may not give that role any more, and does not come back with the right', async () => {
    const owner = await newcomer();
    const sender = await joins(owner, 'owner');
    const [guest, other] = [await newcomer(), await newcomer()];
    const [asOwner, asMember] = [await byName(sender, owner, guest, 'owner'), await byName(sender, owner, other)];
    const turn = (role: string) => service.call(`PATCH ${place(owner, sender)}`, { as: owner, body: { role } });
    expect((await turn('admin')).status).toBe(200);
    expect((await turn('owner')).status).toBe(200);
    expect([(await accept(guest, asOwner)).status, (await accept(other, asMember)).status]).toEqual([404, 200]);
  });

  it('seven days after it was sent, by name and by e-mail', async () => {
    const owner = await newcomer();
    const [guest, reader] = [await newcomer(), await newcomer()];
    const [id, token] = [await byName(owner, owner, guest), await byMail(owner, owner)];
    jest.useFakeTimers({ doNotFake: [...doNotFakeButDate], now: Date.now() + invitationLifetimeMs + 1_000 });
    try {
      expect([(await accept(guest, id)).status, (await acceptMail(reader, token)).status]).toEqual([404, 404]);
      expect((await service.call('GET /users/me/invitations', { as: guest })).body.items).toEqual([]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('when the role that lets its sender invite allows less', async () => {
    const owner = await newcomer();
    const roles = `/tenants/${owner.tenantId}/roles`;
    const made = { name: 'recruiters', permissions: ['members:manage'] };
    expect((await service.call(`POST ${roles}`, { as: owner, body: made })).status).toBe(201);
    const guests = { name: 'guests', permissions: ['members:read'] };
    expect((await service.call(`POST ${roles}`, { as: owner, body: guests })).status).toBe(201);
    const sender = await joins(owner, 'recruiters');
    const guest = await newcomer();
    const id = await byName(sender, owner, guest, 'guests');
    const less = { permissions: ['members:read'] };
    expect((await service.call(`PATCH ${roles}/recruiters`, { as: owner, body: less })).status).toBe(200);
    expect((await accept(guest, id)).status).toBe(404);
  });
});

describe('an invitation by e-mail', () => {
  it('is for the address that it was sent to: an account that has confirmed another does not get in', async () => {
    const owner = await newcomer();
    const [reader, other] = [await newcomer(), await newcomer()];
    const token = await byMail(owner, owner);
    await service.confirmEmail(other.userId, `${other.userName}@example.com`);
    expect(await acceptMail(other, token)).toMatchObject({ status: 403, body: { code: 'ACCESS_DENIED' } });
    expect((await service.call(`GET /tenants/${owner.tenantId}`, { as: other })).status).toBe(403);
    expect((await acceptMail(reader, token)).status).toBe(200);
    const me = await service.call('GET /users/me', { as: reader });
    expect(me.body).toMatchObject({ email: expect.stringMatching(/^pen-.*@example\.org$/), emailVerified: true });
  });
});
