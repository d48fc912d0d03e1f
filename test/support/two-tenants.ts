import { randomBytes } from 'node:crypto';

import {
  CredentialServiceService,
  type GrpcClients,
  TenantServiceService,
  TenantStatus,
  UserServiceService,
  UserStatus,
} from '@libs/grpc';
import { until } from '@libs/testing';

import type { Client } from './client.js';
import { aPerson, expectStatus, type Person, untilStatus } from './flow.js';

/** Everything that others must not see, by the names of the parameters of paths. */
export interface Things {
  readonly tenantId: string;
  readonly projectId: string;
  readonly instanceId: string;
  readonly apiKeyId: string;
  readonly sessionId: string;
  readonly invitationId: string;
  readonly role: string;
  readonly userId: string;
}

export interface TwoTenants {
  readonly alice: Person;
  readonly things: Things;
  /** A plain member of Alice's tenant, in none of its projects. */
  readonly bob: Person;
  /** The owner of another tenant. */
  readonly mallory: Person;
  /** Of Alice, for something that no call is about. */
  readonly keyWithoutScope: string;
  readonly ended: Person;
  readonly disabled: Person;
  readonly ofDisabledTenant: Person;
  readonly withoutTenant: WithoutTenant;
}

const asService = { as: 'service' } as const;

/** A tenant with one of everything, and the people who must not get at it. */
export async function twoTenants(client: Client, internal: GrpcClients): Promise<TwoTenants> {
  const alice = await aPerson(client, 'alice');
  const bob = await aPerson(client, 'bob');
  const carol = await aPerson(client, 'carol');
  const olga = await aPerson(client, 'olga');
  const { token } = alice;
  const made = async (path: string, body: object): Promise<string> =>
    expectStatus(await client.post(path, { token, body }), 201).body.id as string;

  const projectId = await made('/projects', { name: 'Lighthouse' });
  const instanceId = await made('/ecs/instances', { projectId, name: 'lamp' });
  const apiKeyId = await made('/auth/api-keys', { name: 'robot' });
  const tenantPath = `/tenants/${alice.tenantId}`;
  const bobs = await made(`${tenantPath}/invitations`, { username: bob.username, role: 'member' });
  expect((await client.post(`/users/me/invitations/${bobs}:accept`, { token: bob.token })).status).toBeLessThan(300);
  const invitationId = await made(`${tenantPath}/invitations`, { username: carol.username, role: 'member' });
  // Alice could leave: hers is not the only ownership.
  const owners = await made(`${tenantPath}/invitations`, { username: olga.username, role: 'owner' });
  expect((await client.post(`/users/me/invitations/${owners}:accept`, { token: olga.token })).status).toBeLessThan(300);
  const role = 'auditors';
  expectStatus(
    await client.post(`${tenantPath}/roles`, { token, body: { name: role, permissions: ['projects:read'] } }),
    201,
  );
  const sessions = expectStatus(await client.get('/auth/sessions', { token }), 200).body.items as { id: string }[];
  await until(
    async () => (await client.get(`/ecs/instances/${instanceId}`, { token })).body.status as string,
    (status) => status === 'running',
    20_000,
  );

  const scoped = await client.post('/auth/api-keys', { token, body: { name: 'reader', scopes: ['reports:read'] } });
  const ended = await aPerson(client, 'erin');
  expectStatus(await client.post('/auth/logout', { token: ended.token }), 204);
  const disabled = await aPerson(client, 'dave');
  const users = internal.to('tenant-service', UserServiceService);
  await users.setUserStatus({ id: disabled.userId, status: UserStatus.DISABLED }, asService);
  const ofDisabledTenant = await aPerson(client, 'frank');
  const tenants = internal.to('tenant-service', TenantServiceService);
  await tenants.setTenantStatus({ id: ofDisabledTenant.tenantId, status: TenantStatus.DISABLED }, asService);

  await untilStatus(() => client.get('/projects', { token: ended.token }), 401, 5_000);
  await untilStatus(() => client.get('/projects', { token: disabled.token }), 403, 5_000);
  await untilStatus(() => client.get('/projects', { token: ofDisabledTenant.token }), 403, 5_000);
  return {
    alice,
    bob,
    mallory: await aPerson(client, 'mallory'),
    keyWithoutScope: expectStatus(scoped, 201).body.key as string,
    ended,
    disabled,
    ofDisabledTenant,
    withoutTenant: await withoutTenant(client, internal),
    things: {
      tenantId: alice.tenantId,
      projectId,
      instanceId,
      apiKeyId,
      sessionId: String(sessions[0]?.id),
      invitationId,
      role,
      userId: bob.userId,
    },
  };
}

/** As an operator or an import makes people. */
export async function withoutTenant(client: Client, internal: GrpcClients): Promise<WithoutTenant> {
  const username = `gus-${randomBytes(5).toString('hex')}`;
  const password = 'correct horse of nobody';
  const users = internal.to('tenant-service', UserServiceService);
  const names = { username, email: `${username}@example.com`, displayName: '', platformRoles: [] };
  const { user } = await users.createUser({ ...names, status: UserStatus.ACTIVE } as never, asService);
  if (user === undefined) throw new Error('no user was made');
  await internal.to('auth-service', CredentialServiceService).setPassword({ userId: user.id, password }, asService);
  const login = async (): Promise<string> => {
    const answer = await client.post('/auth/login', { body: { login: username, password } });
    return expectStatus(answer, 200).body.accessToken as string;
  };
  return { userId: user.id, username, password, token: await login(), login };
}

export interface WithoutTenant {
  readonly userId: string;
  readonly username: string;
  readonly password: string;
  readonly token: string;
  /** Another session. */
  readonly login: () => Promise<string>;
}
