import type { DashboardParts } from './dashboard.schema.js';
import { gatherParts } from './gather-parts.js';

const user = {
  id: 'user-alice',
  username: 'alice',
  email: 'a@example.com',
  emailVerified: true,
  displayName: 'Alice',
  status: 'active',
  createdAt: '2026-01-31T12:00:00.000Z',
} as const;
const tenant = { id: 'tenant-1', name: 'Acme', status: 'active', createdAt: '2026-01-31T12:00:00.000Z' } as const;

const complete = (): DashboardParts => ({
  user: Promise.resolve(user),
  tenant: Promise.resolve(tenant),
  projects: Promise.resolve({ total: 1, active: 1, archived: 0 }),
  members: Promise.resolve({ total: 2 }),
  instances: Promise.resolve({ total: 0, byStatus: {} }),
  recent: Promise.resolve([]),
});

describe('gatherParts', () => {
  it('names nothing when everything came', async () => {
    const { dashboard } = await gatherParts(complete(), 1_000);
    expect(dashboard).toMatchObject({ user, tenant, members: { total: 2 }, partial: [] });
  });

  it('gives null for a part that failed, names it and tells why', async () => {
    const reason = new Error('connection refused');
    const parts = { ...complete(), instances: Promise.reject(reason) };
    const { dashboard, missing } = await gatherParts(parts, 1_000);
    expect(dashboard).toMatchObject({ instances: null, members: { total: 2 }, partial: ['instances'] });
    expect(missing).toEqual([{ part: 'instances', reason }]);
  });

  it('does not wait longer than the limit for a part that never answers', async () => {
    const never = new Promise<never>(() => {});
    const { dashboard } = await gatherParts({ ...complete(), members: never, instances: never }, 20);
    expect(dashboard).toMatchObject({ user, members: null, instances: null, partial: ['instances', 'members'] });
  });
});
