import { credentials, makeGenericClientConstructor, Metadata, status } from '@grpc/grpc-js';

import { GrpcClients, TenantStatus, UserServiceService, UserStatus } from '@libs/grpc';
import { newContext, runInContext } from '@libs/trusted-headers';

import { operator, type TenantServiceForTest, tenantServiceForTest } from '../test/tenant-service.fixture.js';

let service: TenantServiceForTest;

beforeAll(async () => {
  service = await tenantServiceForTest();
});
afterAll(() => service.stop());

const nobodys = '01900000-0000-7000-8000-000000000000';

const invalid = (field: string) => ({ code: 'REQUEST_INVALID', errors: [expect.objectContaining({ field })] });

describe('UserService', () => {
  const asService = <T>(call: (users: TenantServiceForTest['users']) => Promise<T>) =>
    service.asService(() => call(service.users));

  it('creates, finds, changes, disables and deletes', async () => {
    const names = { username: 'Alice', email: 'alice@example.com', displayName: '' };
    const { user } = await asService((users) => users.createUser({ ...names, platformRoles: ['support'] }));
    const id = user?.id ?? '';
    expect(user).toMatchObject({
      ...names,
      displayName: 'Alice',
      status: UserStatus.ACTIVE,
      platformRoles: ['support'],
      etag: '"1"',
    });
    for (const login of ['ALICE', 'Alice@Example.com']) {
      expect((await asService((users) => users.findUserByLogin({ login }))).user).toEqual(user);
    }
    expect(await asService((users) => users.getUser({ id }))).toEqual({ user });

    const renamed = await asService((users) => users.updateUser({ id, displayName: 'A', etag: '"1"' }));
    expect(renamed.user).toMatchObject({ displayName: 'A', email: names.email, etag: '"2"' });
    await expect(asService((users) => users.updateUser({ id, displayName: 'B', etag: '"1"' }))).rejects.toMatchObject({
      code: 'RESOURCE_CHANGED',
    });
    const disabled = await asService((users) => users.setUserStatus({ id, status: UserStatus.DISABLED }));
    expect(disabled.user?.status).toBe(UserStatus.DISABLED);

    await asService((users) => users.deleteUser({ id, etag: disabled.user?.etag ?? '' }));
    await expect(asService((users) => users.getUser({ id }))).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
    expect((await asService((users) => users.findUserByLogin({ login: 'alice' }))).user).toBeUndefined();
  });

  it('finds nobody by any login that cannot be one', async () => {
    for (const login of ['', 'nobody', 'no@body.example', 'a\0b', '%', 'ü'.repeat(300)]) {
      expect((await asService((users) => users.findUserByLogin({ login }))).user).toBeUndefined();
    }
  });

  it('pages', async () => {
    for (const username of ['page-1', 'page-2', 'page-3']) {
      const names = { username, email: `${username}@example.com`, displayName: '' };
      await asService((users) => users.createUser({ ...names, platformRoles: [] }));
    }
    const query = { pageSize: 2, orderBy: 'username', filter: 'username : "page-"' };
    const first = await asService((users) => users.listUsers({ ...query, pageToken: '' }));
    const last = await asService((users) => users.listUsers({ ...query, pageToken: first.nextPageToken }));
    expect([...first.users, ...last.users].map(({ username }) => username)).toEqual(['page-1', 'page-2', 'page-3']);
    expect(last.nextPageToken).toBe('');
  });

  it('names the field that is wrong', async () => {
    const list = { pageSize: 0, pageToken: '', orderBy: '', filter: '' };
    const { users, asService } = service;
    await expect(asService(() => users.getUser({ id: 'x' }))).rejects.toMatchObject(invalid('id'));
    await expect(asService(() => users.listUsers({ ...list, pageSize: -1 }))).rejects.toMatchObject(
      invalid('pageSize'),
    );
    await expect(asService(() => users.listUsers({ ...list, pageSize: 101 }))).rejects.toMatchObject(
      invalid('pageSize'),
    );
    await expect(asService(() => users.listUsers({ ...list, filter: 'x'.repeat(10_000) }))).rejects.toMatchObject(
      invalid('filter'),
    );
    await expect(asService(() => users.updateUser({ id: nobodys, email: '', etag: '' }))).rejects.toMatchObject(
      invalid('email'),
    );
    await expect(
      asService(() => users.updateUser({ id: nobodys, email: 'a@b.example', etag: 'x' })),
    ).rejects.toMatchObject(invalid('etag'));
    await expect(asService(() => users.setUserStatus({ id: nobodys, status: 7 as UserStatus }))).rejects.toMatchObject(
      invalid('status'),
    );
  });
});

describe('TenantService', () => {
  it('reads, counts the members of and disables a tenant', async () => {
    const { tenantId: id } = await service.register('tina');
    const { tenants, asService } = service;
    expect(await asService(() => tenants.countMembers({ tenantId: id }))).toEqual({ count: 1 });
    const { tenant } = await asService(() => tenants.setTenantStatus({ id, status: TenantStatus.DISABLED }));
    expect(tenant).toMatchObject({ id, name: "tina's", status: TenantStatus.DISABLED, etag: '"2"' });
    expect(await asService(() => tenants.getTenant({ id }))).toEqual({ tenant });
    await expect(asService(() => tenants.countMembers({ tenantId: nobodys }))).rejects.toMatchObject({
      code: 'RESOURCE_NOT_FOUND',
    });
    await expect(asService(() => tenants.countMembers({ tenantId: '' }))).rejects.toMatchObject(invalid('tenantId'));
    await expect(asService(() => tenants.setTenantStatus({ id, status: 0 }))).rejects.toMatchObject(invalid('status'));
  });
});

describe('TenantConfigService', () => {
  it('sets, reads, lists and deletes', async () => {
    const { tenantId } = await service.register('conny');
    const { configs, asService } = service;
    const place = { tenantId, key: 'mail.sender' };
    const { config } = await asService(() => configs.setTenantConfig({ ...place, valueJson: '{"b": 1}', etag: '' }));
    expect(config).toMatchObject({ ...place, valueJson: '{"b":1}', etag: '"1"' });
    expect(await asService(() => configs.getTenantConfig(place))).toEqual({ config });
    const list = await asService(() => configs.listTenantConfigs({ tenantId, pageSize: 0, pageToken: '' }));
    expect(list).toEqual({ configs: [config], nextPageToken: '' });

    const stale = { ...place, valueJson: '2', etag: '"9"' };
    await expect(asService(() => configs.setTenantConfig(stale))).rejects.toMatchObject({ code: 'RESOURCE_CHANGED' });
    await asService(() => configs.deleteTenantConfig({ ...place, etag: '"1"' }));
    await expect(asService(() => configs.getTenantConfig(place))).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
  });

  it.each([
    { field: 'valueJson', wrong: { valueJson: '{' } },
    { field: 'valueJson', wrong: { valueJson: '' } },
    { field: 'valueJson', wrong: { valueJson: '['.repeat(200_000) + ']'.repeat(200_000) } },
    { field: 'key', wrong: { key: 'Not a key' } },
    { field: 'tenantId', wrong: { tenantId: '../x' } },
  ])('refuses a wrong $field', async ({ field, wrong }) => {
    const request = { tenantId: nobodys, key: 'key', valueJson: '1', etag: '', ...wrong };
    await expect(service.asService(() => service.configs.setTenantConfig(request))).rejects.toMatchObject(
      invalid(field),
    );
  });
});

describe('who may call over gRPC', () => {
  it('leaves it to services and platform administrators', async () => {
    const owner = await service.register('owner');
    const as = (identity: typeof owner) =>
      runInContext({ ...newContext(), identity }, () => service.users.getUser({ id: owner.userId }));
    expect((await as(operator)).user?.id).toBe(owner.userId);
    await expect(as(owner)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
  });

  it('knows nobody with a seal of another key', async () => {
    const forger = new GrpcClients({
      service: 'auth-service',
      sealKey: Buffer.alloc(32, 7),
      peers: { 'tenant-service': service.grpc },
    });
    const users = forger.to('tenant-service', UserServiceService);
    await expect(service.asService(() => users.getUser({ id: nobodys }))).rejects.toMatchObject({
      cause: { code: status.UNAUTHENTICATED },
    });
    forger.onApplicationShutdown();
  });

  it('knows nobody whose metadata are not sealed', async () => {
    const Client = makeGenericClientConstructor(UserServiceService, 'UserService');
    const client = new Client(service.grpc, credentials.createInsecure());
    const { getUser } = UserServiceService;
    const forged = new Metadata();
    forged.set('x-user-id', operator.userId);
    forged.set('x-active', 'true');
    forged.set('x-roles', 'platform-admin,service');
    forged.set('x-auth-method', 'service');
    const code = await new Promise((resolve) => {
      client.makeUnaryRequest(
        getUser.path,
        getUser.requestSerialize,
        getUser.responseDeserialize,
        { id: nobodys },
        forged,
        (error) => resolve(error?.code),
      );
    });
    expect(code).toBe(status.UNAUTHENTICATED);
    client.close();
  });
});
