import { jest } from '@jest/globals';

import { Secret, TOTP } from 'otpauth';

import { Client } from './support/client.js';
import { aPerson, expectStatus, type Person, untilStatus } from './support/flow.js';
import { DistributedStack } from './support/stack.js';

jest.setTimeout(120_000);

describe('a tenant that asks for a second factor', () => {
  let stack: DistributedStack;
  let clients: Client[];
  let client: Client;

  beforeAll(async () => {
    stack = await DistributedStack.create(2);
    await stack.start();
    clients = stack.gateways.map((url) => new Client(url));
    client = clients[0] as Client;
  });
  afterAll(async () => {
    await Promise.all(clients?.map((one) => one.close()) ?? []);
    await stack?.dispose();
  });

  /** Answers the token of the same session, after it has shown the new factor. */
  async function enrol({ token, refreshToken }: Person): Promise<string> {
    const { secret } = expectStatus(await client.post('/auth/totp', { token, body: {} }), 201).body;
    const code = new TOTP({ secret: Secret.fromBase32(secret as string) }).generate();
    expectStatus(await client.post('/auth/totp:confirm', { token, body: { code } }), 200);
    return expectStatus(await client.post('/auth/refresh', { body: { refreshToken } }), 200).body.accessToken as string;
  }
  const refused = { status: 403, body: { code: 'ACCESS_SECOND_FACTOR_REQUIRED' } };
  const ask = (tenantId: string, token: string, requireSecondFactor: boolean) =>
    client.patch(`/tenants/${tenantId}`, { token, tenant: tenantId, body: { requireSecondFactor } });

  it('lets nobody in without one, tells what to do, and lets in whoever has enrolled', async () => {
    const [alice, bob] = [await aPerson(client, 'alice'), await aPerson(client, 'bob')];
    const tenant = alice.tenantId;
    const invitation = { token: alice.token, body: { username: bob.username, role: 'admin' } };
    const { id } = expectStatus(await client.post(`/tenants/${tenant}/invitations`, invitation), 201).body;
    expectStatus(await client.post(`/users/me/invitations/${id}:accept`, { token: bob.token }), 200);
    const { key } = expectStatus(
      await client.post('/auth/api-keys', { token: bob.token, tenant, body: { name: 'robot' } }),
      201,
    ).body;
    for (const one of clients) expectStatus(await one.get('/projects', { token: bob.token, tenant }), 200);

    expect(expectStatus(await ask(tenant, alice.token, true), 200).body.requireSecondFactor).toBe(true);
    await Promise.all(
      clients.map((one) => untilStatus(() => one.get('/projects', { token: bob.token, tenant }), 403, 1000)),
    );
    for (const path of ['/projects', '/ecs/instances', '/auth/api-keys', `/tenants/${tenant}/members`]) {
      expect({ path, ...(await client.get(path, { token: bob.token, tenant })) }).toMatchObject({ path, ...refused });
    }
    expect(
      await client.post('/auth/api-keys', { token: bob.token, tenant, body: { name: 'way round' } }),
    ).toMatchObject(refused);
    // Not by way of a tenant that does not ask, either.
    expect(await client.get(`/tenants/${tenant}/members`, { token: bob.token })).toMatchObject(refused);
    expect(await ask(tenant, bob.token, false)).toMatchObject(refused);
    expect(await client.patch(`/tenants/${tenant}`, { token: bob.token, body: { name: 'Mine' } })).toMatchObject(
      refused,
    );

    expectStatus(await client.get('/projects', { token: bob.token }), 200);
    expectStatus(await client.get('/projects', { apiKey: key as string }), 200);
    expectStatus(await client.get('/auth/me', { token: bob.token, tenant }), 200);
    const token = await enrol(bob);
    for (const one of clients) expectStatus(await one.get('/projects', { token, tenant }), 200);
    expectStatus(await client.get(`/tenants/${tenant}/members`, { token, tenant }), 200);
    expect((await client.get('/projects', { token: bob.token, tenant })).status).toBe(403);

    expect(await ask(tenant, alice.token, false)).toMatchObject(refused);
    expectStatus(await ask(tenant, await enrol(alice), false), 200);
    await untilStatus(() => client.get('/projects', { token: bob.token, tenant }), 200, 1000);
  });
});
