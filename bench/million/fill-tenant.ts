import type { Caller } from '../client/people.js';
import { callApi } from './call-api.js';
import type { OpenTables } from './open-tables.js';

interface Client {
  readonly caller: Caller;
  readonly kind: 'admin' | 'few' | 'fifth';
}

/** Gives the caller's tenant so many projects, and the clients a place in it; answers its id. */
export async function fillTenant(
  url: string,
  tables: OpenTables,
  owner: Caller,
  clients: readonly Client[],
  count: number,
): Promise<string> {
  // First, because filling a file may take longer than a connection is kept.
  const userIds = new Map<Caller, string>();
  for (const { caller } of clients) {
    const { body } = await callApi(url, caller, 'GET', '/auth/me');
    userIds.set(caller, (body['user'] as unknown as { id: string }).id);
  }
  const { body: project } = await callApi(url, owner, 'POST', '/projects', { name: 'one' });
  const tenantId = String(project['tenantId']);
  const id = (first: string): string =>
    tables.joined(tables.hex('n', 8), `'-0000-7000-8000-${first}'`, tables.hex('n', 11));
  const rows: Readonly<Record<string, string>> = {
    id: id('0'),
    version: '1',
    createdAt: tables.before('t.createdAt', 'n'),
    updatedAt: tables.before('t.createdAt', '(n * 7919) % 1000003'),
    tenantId: 't.tenantId',
    name: tables.joined("'Project '", tables.hex('(n * 7919) % 1000003', 6), "' of the month'"),
    livingNameKey: tables.joined("'project '", tables.hex('(n * 7919) % 1000003', 6), "' of the month'"),
    description: tables.joined("'What it is for, who works in it, and until when. Number '", tables.hex('n', 8)),
    status: "CASE WHEN n % 1000 = 0 THEN 'archived' ELSE 'active' END",
    ownerId: `CASE WHEN n % 100000 = 0 THEN ${tables.joined("'somebody '", tables.hex('n', 8))} ELSE t.ownerId END`,
    deletedAt: 'NULL',
  };
  await tables.run('project', copying(tables, 'projects', rows, tenantId, count));
  const member = {
    id: id('1'),
    version: '1',
    createdAt: 't.createdAt',
    updatedAt: 't.updatedAt',
    tenantId: 't.tenantId',
  };
  const owners = { ...member, projectId: id('0'), userId: 't.userId', role: 't.role' };
  await tables.run('project', copying(tables, 'project_members', owners, tenantId, count));

  for (const [at, { caller, kind }] of clients.entries()) {
    const userId = userIds.get(caller);
    const place = {
      ...member,
      id: `'bench-membership-${at}'`,
      userId: `'${userId}'`,
      role: kind === 'admin' ? "'admin'" : "'member'",
    };
    await tables.run('tenant', copying(tables, 'memberships', place, tenantId, 1));
    if (kind === 'admin') continue;
    const every = kind === 'few' ? Math.ceil(count / 10) : 5;
    const seen = {
      ...member,
      id: id((at + 2).toString(36)),
      projectId: tables.joined(tables.hex(`n * ${every}`, 8), "'-0000-7000-8000-0'", tables.hex(`n * ${every}`, 11)),
      userId: `'${userId}'`,
      role: "'viewer'",
    };
    await tables.run('project', copying(tables, 'project_members', seen, tenantId, Math.floor(count / every)));
  }
  return tenantId;
}

/** Rows made from the first one that the tenant has. */
function copying(
  tables: OpenTables,
  table: 'projects' | 'project_members' | 'memberships',
  columns: Readonly<Record<string, string>>,
  tenantId: string,
  count: number,
): string {
  const place = tables.in(table === 'memberships' ? 'tenant' : 'project', table);
  return `INSERT INTO ${place} (${Object.keys(columns).join(', ')})
    SELECT ${Object.values(columns).join(', ')}
    FROM (${tables.series(count)}) s, (SELECT * FROM ${place} WHERE tenantId = '${tenantId}' LIMIT 1) t WHERE 1 = 1`;
}
