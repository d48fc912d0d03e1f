import { anIdentity } from '@libs/testing';

import {
  type ProjectServiceUnderTest,
  projectServiceUnderTest,
} from '../../test/project-service-under-test.fixture.js';

const dora = anIdentity({ userId: 'user-dora', tenantId: 'tenant-lists', roles: ['member'] });
const names = ['Delta', 'alpha', 'Charlie', 'bravo', 'Echo'];

let service: ProjectServiceUnderTest;

beforeAll(async () => {
  service = await projectServiceUnderTest();
  for (const name of names) {
    const status = name === 'Echo' ? 'archived' : 'active';
    await service.call('POST /projects', { as: dora, body: { name, status, description: `the ${name} project` } });
  }
});
afterAll(() => service.stop());

const list = async (query: Record<string, string>) =>
  service.call(`GET /projects?${new URLSearchParams(query).toString()}`, { as: dora });
const namesIn = (body: { items: { name: string }[] }) => body.items.map(({ name }) => name);

describe('listing projects', () => {
  it('shows the newest first', async () => {
    const { body } = await list({});
    expect(namesIn(body)).toEqual(names.toReversed());
    expect(body.nextPageToken).toBe('');
  });

  it.each(['createdAt', 'name desc', 'updatedAt desc', 'status'])(
    'pages through all, once each, ordered by %s',
    async (orderBy) => {
      const whole = namesIn((await list({ orderBy })).body);
      const seen: string[] = [];
      let pageToken = '';
      do {
        const { body } = await list({ orderBy, pageSize: '2', ...(pageToken === '' ? {} : { pageToken }) });
        seen.push(...namesIn(body));
        pageToken = body.nextPageToken;
      } while (pageToken !== '');
      expect(seen).toEqual(whole);
      expect(seen.toSorted()).toEqual(names.toSorted());
    },
  );

  it.each([
    { filter: 'status = "archived"', found: ['Echo'] },
    { filter: 'name : "CH"', found: ['Charlie', 'Echo'] },
    { filter: 'status = "active" AND name : "l"', found: ['Charlie', 'Delta', 'alpha'] },
    { filter: 'ownerId = "user-somebody"', found: [] },
    { filter: 'createdAt < "2001-01-01T00:00:00Z"', found: [] },
  ])('finds by $filter', async ({ filter, found }) => {
    expect(namesIn((await list({ filter })).body).toSorted()).toEqual(found);
  });

  it.each([
    { query: { pageSize: '0' }, field: 'pageSize' },
    { query: { pageSize: '101' }, field: 'pageSize' },
    { query: { pageSize: 'many' }, field: 'pageSize' },
    { query: { pageToken: 'bm8' }, field: 'pageToken' },
    { query: { orderBy: 'tenantId' }, field: 'orderBy' },
    { query: { orderBy: 'name sideways' }, field: 'orderBy' },
    { query: { filter: 'tenantId = "tenant-evil"' }, field: 'filter' },
    { query: { filter: 'status = "gone"' }, field: 'filter' },
    { query: { filter: 'name = ' }, field: 'filter' },
    { query: { page: '2' }, field: 'page' },
  ])('refuses $query', async ({ query, field }) => {
    const answer = await list(query as Record<string, string>);
    expect(answer).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
    expect(answer.body.errors[0].field).toBe(field);
  });

  it('refuses the token of another list', async () => {
    const { body } = await list({ pageSize: '2', orderBy: 'name' });
    const answer = await list({ pageSize: '2', orderBy: 'createdAt', pageToken: body.nextPageToken });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'pageToken' }] } });
  });
});
