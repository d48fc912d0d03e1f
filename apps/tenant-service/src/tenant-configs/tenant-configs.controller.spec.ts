import { operator, type TenantServiceForTest, tenantServiceForTest } from '../../test/tenant-service.fixture.js';

let service: TenantServiceForTest;
let base: string;

beforeAll(async () => {
  service = await tenantServiceForTest();
  base = `/internal/tenants/${(await service.register('alice')).tenantId}/config`;
});
afterAll(() => service.stop());

const nobodys = '/internal/tenants/01900000-0000-7000-8000-000000000000/config';

const put = (line: string, value: unknown, headers = {}) =>
  service.call(`PUT ${line}`, { as: operator, body: { value }, headers });

describe('a setting of a tenant', () => {
  it('is made, read, replaced and deleted by its key', async () => {
    const place = `${base}/projects.default-status`;
    const made = await put(place, { b: 1, a: [null, 'ü'] });
    expect(made).toMatchObject({
      status: 201,
      body: { key: 'projects.default-status', value: { b: 1, a: [null, 'ü'] } },
    });
    expect(made.headers.get('location')).toBe(place);
    expect(await service.call(`GET ${place}`, { as: operator })).toMatchObject({ status: 200, body: made.body });

    const replaced = await put(place, false, { 'if-match': '"1"' });
    expect(replaced).toMatchObject({ status: 200, body: { value: false } });
    expect(replaced.headers.get('etag')).toBe('"2"');
    expect((await put(place, true, { 'if-match': '"1"' })).status).toBe(412);

    const stale = { as: operator, headers: { 'if-match': '"1"' } };
    expect((await service.call(`DELETE ${place}`, stale)).status).toBe(412);
    expect((await service.call(`DELETE ${place}`, { as: operator })).status).toBe(204);
    expect((await service.call(`DELETE ${place}`, { as: operator })).status).toBe(404);
    expect((await put(place, true, { 'if-match': '"1"' })).status).toBe(412);
  });

  it('is made once by many who write at once, and each of them succeeds', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => put(`${base}/rush`, n)));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(9).fill(200), 201]);
    const list = await service.call(`GET ${base}`, { as: operator });
    expect(list.body.items.map(({ key }: { key: string }) => key)).toEqual(['rush']);
  });

  it('does not exist for a tenant that does not', async () => {
    expect((await service.call(`GET ${nobodys}`, { as: operator })).status).toBe(404);
    expect((await service.call(`GET ${nobodys}/rush`, { as: operator })).status).toBe(404);
    expect((await put(`${nobodys}/rush`, 1)).status).toBe(404);
  });

  it.each([
    { when: 'no value', body: {}, field: 'value' },
    { when: 'an unknown field', body: { value: 1, note: 'x' }, field: 'note' },
    { when: 'a value that is too large', body: { value: 'x'.repeat(70_000) }, field: 'value' },
  ])('is refused with $when', async ({ body, field }) => {
    const refused = await service.call(`PUT ${base}/key`, { as: operator, body });
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });

  it.each(['Key', '1st', 'a..b', 'a_b', 'x'.repeat(129)])('is refused under the key %.10s', async (key) => {
    expect(await put(`${base}/${key}`, 1)).toMatchObject({ status: 400, body: { errors: [{ field: 'key' }] } });
  });
});
