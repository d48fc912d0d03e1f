import { randomBytes } from 'node:crypto';

import { type Database, openDatabase } from '@libs/persistence';
import { describeWith, startMariaDb, type TestServer, until } from '@libs/testing';

import { operator, type TenantServiceForTest, tenantServiceForTest } from '../../test/tenant-service.fixture.js';
import { ConfigKeyDefinition } from './config-key.entity.js';
import { Tenant } from '../tenants/tenant.entity.js';
import { ConfigValues } from './config-values.js';
import { TenantConfigVersion } from './config-version.entity.js';
import { SecretSealing } from './secret-sealing.js';
import { TenantConfig } from './tenant-config.entity.js';

let service: TenantServiceForTest;
let people = 0;

const newBase = async (): Promise<string> =>
  `/internal/tenants/${(await service.register(`setter-${(people += 1)}`)).tenantId}/config`;
const put = (line: string, body: unknown) => service.call(`PUT ${line}`, { as: operator, body });
const get = (line: string) => service.call(`GET ${line}`, { as: operator });

async function inTables<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const { dataDir, databaseUrl } = service;
  const entities = [Tenant, ConfigKeyDefinition, TenantConfig, TenantConfigVersion];
  const database = await openDatabase({ service: 'tenant', dataDir, databaseUrl, entities, migrations: [] });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** As somebody reads them who has stolen the tables. */
const rowsOf = (base: string): Promise<unknown[]> =>
  inTables(async ({ manager }) => {
    const read = (table: string) =>
      manager.query(`SELECT * FROM ${table} WHERE tenantId = ?`, [base.split('/')[3]]) as Promise<unknown[]>;
    return [...(await read('tenant_configs')), ...(await read('tenant_config_versions'))];
  });

function behaviour(): void {
  it('fit the schema of their key, and name what does not', async () => {
    const base = await newBase();
    const schema = {
      type: 'object',
      properties: { color: { type: 'string', enum: ['red', 'blue'] }, size: { type: 'integer', maximum: 9 } },
      required: ['color'],
      additionalProperties: false,
    };
    const key = await put('/internal/config-keys/theme', { description: 'How it looks', schema });
    expect(key).toMatchObject({ status: 201, body: { key: 'theme', schema, secret: false } });
    expect((await put(`${base}/theme`, { value: { color: 'red', size: 3 } })).status).toBe(201);
    const wrong = await put(`${base}/theme`, { value: { color: 'green', size: 12 } });
    expect(wrong).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
    expect(wrong.body.errors.map(({ field }: { field: string }) => field)).toEqual(['value.color', 'value.size']);
    expect((await get(`${base}/theme`)).body.value).toEqual({ color: 'red', size: 3 });
    expect((await put('/internal/config-keys/broken', { schema: { type: 'nonsense' } })).status).toBe(400);
    expect((await service.call('DELETE /internal/config-keys/theme', { as: operator })).status).toBe(204);
    expect((await put(`${base}/theme`, { value: 'anything' })).status).toBe(200);
  });

  it('tell who brought them to each state, and every state can be read back', async () => {
    const base = await newBase();
    await put(`${base}/limit`, { value: 1 });
    await put(`${base}/limit`, { value: 2 });
    await service.call(`DELETE ${base}/limit`, { as: operator });
    const again = await put(`${base}/limit`, { value: 3 });
    expect(again.status).toBe(201);
    expect(again.headers.get('etag')).toBe('"4"');
    const { items } = (await get(`${base}/limit/versions`)).body;
    expect(items).toMatchObject([
      { number: 4, deleted: false },
      { number: 3, deleted: true },
      { number: 2, deleted: false },
      { number: 1, deleted: false },
    ]);
    for (const item of items) expect(item).toMatchObject({ actor: operator.userId, createdAt: expect.any(String) });
    const values = await Promise.all([1, 2, 3, 4].map((number) => get(`${base}/limit/versions/${number}`)));
    expect(values.map(({ body }) => body.value)).toEqual([1, 2, null, 3]);
    expect((await get(`${base}/limit/versions/5`)).status).toBe(404);
    expect((await get(`${await newBase()}/limit/versions/1`)).status).toBe(404);
  });

  it('have one state for each of many writes at once', async () => {
    const base = await newBase();
    await Promise.all(Array.from({ length: 20 }, (_, value) => put(`${base}/rush`, { value })));
    const { items } = (await get(`${base}/rush/versions`)).body;
    expect(items.map(({ number }: { number: number }) => number)).toEqual(Array.from({ length: 20 }, (_, n) => 20 - n));
    const newest = (await get(`${base}/rush/versions/20`)).body.value;
    expect((await get(`${base}/rush`)).body.value).toBe(newest);
  });

  it('keep a secret out of lists, histories and tables', async () => {
    const base = await newBase();
    await put('/internal/config-keys/smtp.password', { secret: true });
    await put(`${base}/smtp.password`, { value: 'hunter-twelve' });
    await put(`${base}/token`, { value: 'hunter-thirteen', secret: true });
    await put(`${base}/token`, { value: 'hunter-fourteen' });
    const list = await get(base);
    expect(list.body.items).toMatchObject([
      { key: 'smtp.password', value: null, secret: true },
      { key: 'token', value: null, secret: true },
    ]);
    const versions = await get(`${base}/token/versions`);
    const rows = await rowsOf(base);
    expect(JSON.stringify([list.body, versions.body, rows])).not.toContain('hunter');
    expect(rows).toHaveLength(2 + 3);
    expect((await get(`${base}/token`)).body).toMatchObject({ value: 'hunter-fourteen', secret: true });
    expect((await get(`${base}/token/versions/1`)).body.value).toBe('hunter-thirteen');
  });

  it('are encrypted in their history too, where they became secret later', async () => {
    const base = await newBase();
    await put(`${base}/token`, { value: 'hunter-fifteen' });
    await put(`${base}/token`, { value: 'hunter-sixteen', secret: true });
    expect(JSON.stringify(await rowsOf(base))).not.toContain('hunter');
    expect((await get(`${base}/token/versions/1`)).body.value).toBe('hunter-fifteen');
  });

  it('are encrypted where their key has become secret, and nobody sees a change', async () => {
    const bases = [await newBase(), await newBase()];
    for (const base of bases) {
      await put(`${base}/old`, { value: 'hunter-first' });
      await put(`${base}/old`, { value: 'hunter-second' });
      await put(`${base}/other`, { value: 'as it was' });
    }
    await put('/internal/config-keys/old', { secret: true });
    for (const base of bases) {
      const rows = await until(
        () => rowsOf(base),
        (all) => !JSON.stringify(all).includes('hunter'),
      );
      expect(JSON.stringify(rows)).toContain('as it was');
      const read = await get(`${base}/old`);
      expect(read.body).toMatchObject({ value: 'hunter-second', secret: true });
      expect(read.headers.get('etag')).toBe('"2"');
      expect((await get(`${base}/old/versions/1`)).body.value).toBe('hunter-first');
    }
  });

  it('are encrypted at a start, where a version that knows no secrets has written them', async () => {
    const base = await newBase();
    const tenantId = base.split('/')[3] ?? '';
    await put('/internal/config-keys/ancient', { secret: true });
    await put(`${base}/ancient`, { value: 'x' });
    const values = new ConfigValues(randomBytes(32));
    await inTables(async (database) => {
      const place = { tenantId, configKey: 'ancient' };
      await database.transaction(async (manager) => {
        await manager.update(TenantConfig, place, { isSecret: null, valueJson: '"hunter"' });
        await manager.update(TenantConfigVersion, place, { isSecret: false, valueJson: '"hunter"' });
      });
      const sealing = new SecretSealing(database, values);
      sealing.onApplicationBootstrap();
      const rows = async () => [
        ...(await database.manager.findBy(TenantConfig, place)),
        ...(await database.manager.findBy(TenantConfigVersion, place)),
      ];
      for (const row of await until(rows, (all) => all.every(({ isSecret }) => isSecret === true))) {
        expect(row.valueJson).not.toContain('hunter');
        expect(values.read(row)).toBe('"hunter"');
      }
      await sealing.beforeApplicationShutdown();
    });
  });

  it('are shown by no list from the moment their key is secret', async () => {
    const base = await newBase();
    await put(`${base}/late`, { value: 'hunter' });
    await put('/internal/config-keys/late', { secret: true });
    expect((await get(base)).body.items).toMatchObject([{ key: 'late', value: null, secret: true }]);
  });

  it('are all of this over gRPC too', async () => {
    const tenantId = (await newBase()).split('/')[3] ?? '';
    const { configs, asService } = service;
    const schemaJson = JSON.stringify({ type: 'integer' });
    const key = { key: 'grpc.count', description: '', schemaJson, secret: true, etag: '' };
    await asService(() => configs.setConfigKey({ key }));
    const place = { tenantId, key: 'grpc.count' };
    const wrong = asService(() => configs.setTenantConfig({ ...place, valueJson: '"x"', etag: '' }));
    await expect(wrong).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    await asService(() => configs.setTenantConfig({ ...place, valueJson: '7', etag: '' }));
    const page = { pageSize: 10, pageToken: '' };
    const listed = await asService(() => configs.listTenantConfigs({ tenantId, ...page }));
    expect(listed.configs).toMatchObject([{ key: 'grpc.count', valueJson: '', secret: true }]);
    const { versions } = await asService(() => configs.listTenantConfigVersions({ ...place, ...page }));
    expect(versions).toMatchObject([{ number: 1, actor: 'auth-service', secret: true, valueJson: '' }]);
    const { version } = await asService(() => configs.getTenantConfigVersion({ ...place, number: 1 }));
    expect(version?.valueJson).toBe('7');
    expect((await asService(() => configs.listConfigKeys(page))).keys.map((one) => one.key)).toContain('grpc.count');
    await asService(() => configs.deleteConfigKey({ key: 'grpc.count', etag: '' }));
    await expect(asService(() => configs.getConfigKey({ key: 'grpc.count' }))).rejects.toMatchObject({
      code: 'RESOURCE_NOT_FOUND',
    });
  });
}

describe('settings of a tenant', () => {
  beforeAll(async () => {
    service = await tenantServiceForTest();
  });
  afterAll(() => service.stop());
  behaviour();
});

describeWith(['mariadbd', 'mariadb-install-db'], 'settings of a tenant, on MariaDB', () => {
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
