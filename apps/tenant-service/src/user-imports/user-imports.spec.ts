import { invalidField, Refusal } from '@libs/errors';
import { CredentialServiceService, toGrpcStatus, UserImportState } from '@libs/grpc';
import { newId } from '@libs/persistence';
import {
  describeWith,
  type FakePeer,
  fakeService,
  sealedHeaders,
  startFakePeer,
  startMariaDb,
  type TestServer,
  until,
} from '@libs/testing';

import { operator, type TenantServiceForTest, tenantServiceForTest } from '../../test/tenant-service.fixture.js';

const bcrypt = '$2b$10$abcdefghijklmnopqrstuuJ0mP4rXnYkq1rYwYbF1nGJzZf0w0l5e';

/** As auth-service refuses a hash that it cannot take. */
const refused = (): Error =>
  Object.assign(new Error('refused'), toGrpcStatus(invalidField('passwordHash', 'custom', 'must be a hash.')));

const away = (): Error => Object.assign(new Error('away'), toGrpcStatus(new Refusal('SERVICE_UNAVAILABLE')));

let isAway = false;
let authService: FakePeer;
let imported: { userId: string; passwordHash: string }[];
let service: TenantServiceForTest;

const start = async (environment = {}): Promise<void> => {
  imported = [];
  authService = await startFakePeer(
    fakeService(CredentialServiceService, {
      importPasswordHash: async (request) => {
        if (isAway) throw away();
        if (!request.passwordHash.startsWith('$2b$')) throw refused();
        imported.push(request);
        return {};
      },
    }),
  );
  service = await tenantServiceForTest({ AUTH_SERVICE_GRPC: authService.address, ...environment });
};
const stop = async (): Promise<void> => {
  await service.stop();
  authService.stop();
};

const send = (csv: string, headers = {}) =>
  service.call('POST /internal/users:import', {
    as: operator,
    body: csv,
    headers: { 'content-type': 'text/csv', ...headers },
  });
const linesOf = (name: string, count: number): string[] => [
  'username,email',
  ...Array.from({ length: count }, (_, n) => `${name}-${n},${name}-${n}@example.com`),
];
const importOf = async (id: string) => (await service.call(`GET /internal/user-imports/${id}`, { as: operator })).body;
const ended = (id: string) =>
  until(
    () => importOf(id),
    ({ state }) => state === 'done' || state === 'failed',
    60_000,
  );
const find = async (username: string) => {
  const filter = encodeURIComponent(`username = "${username}"`);
  return (await service.call(`GET /internal/users?filter=${filter}`, { as: operator })).body.items[0];
};
const exported = () =>
  service.asService(async () => {
    let csv = '';
    let pageToken = '';
    do {
      const page = await service.users.exportUsers({ filter: '', pageToken });
      csv += Buffer.from(page.csv).toString();
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    return csv;
  });

function behaviour(): void {
  it('makes a user of each good line, and tells of each bad one with its number and the reason', async () => {
    const report = await send(
      [
        '\uFEFFusername,email,display_name,platform_roles,password_hash,note',
        `ann,ann@example.com,"Ann, the ""first""",support auditor,${bcrypt},x`,
        'ben,not-an-address,Ben,,,x',
        'cleo,cleo@example.com,Cleo,,,x',
        '"two',
        'lines",two@example.com,Two,,,x',
        'dora,dora@example.com',
        'ANN,other@example.com,Ann,,,x',
        'eve,eve@example.com,Eve,owner,,x',
        `fay,fay@example.com,Fay,,$9$nonsense,x`,
      ].join('\r\n'),
    );
    expect(report).toMatchObject({ status: 200, body: { created: 2, refused: 6 } });
    expect(report.body.refusedLines).toMatchObject([
      { line: 3, reason: 'REQUEST_INVALID', errors: [{ field: 'email' }] },
      { line: 6, reason: 'REQUEST_INVALID', errors: [{ field: 'username' }] },
      { line: 7, reason: 'has 2 columns instead of 6' },
      { line: 8, reason: 'RESOURCE_NAME_TAKEN', errors: [{ field: 'username' }] },
      { line: 9, reason: 'REQUEST_INVALID', errors: [{ field: 'platformRoles.0' }] },
      { line: 10, reason: 'REQUEST_INVALID', errors: [{ field: 'passwordHash' }] },
    ]);
    const ann = await find('ann');
    expect(ann).toMatchObject({ displayName: 'Ann, the "first"', platformRoles: ['support', 'auditor'] });
    expect(imported).toEqual([{ userId: ann.id, passwordHash: bcrypt }]);
    expect(await find('fay')).toBeUndefined();
  });

  it.each([
    { what: 'no header', csv: '' },
    { what: 'a header without e-mail addresses', csv: 'username\nann' },
    { what: 'a column twice', csv: 'username,email,email\nx,y,z' },
  ])('imports nothing of a table with $what', async ({ csv }) => {
    expect(await send(csv)).toMatchObject({ status: 400, body: { errors: [{ field: 'header' }] } });
  });

  it('keeps what it has read when a quote is never closed, and says so', async () => {
    const report = await send('username,email\ngina,gina@example.com\nhal,"hal@example.com\nida,ida@example.com');
    expect(report).toMatchObject({ status: 200, body: { created: 1, refused: 1, refusedLines: [{ line: 0 }] } });
  });

  it('refuses lines in another encoding, instead of garbling names', async () => {
    const table = 'username,email,display_name\njil,jil@example.com,Jil\nkai,kai@example.com,K\u00e4i\n';
    const { created, refusedLines } = await service.asService(() =>
      service.users.importUsers({ csv: Buffer.from(table, 'latin1') }),
    );
    expect(created).toBe(1);
    expect(refusedLines).toEqual([{ line: 3, reason: 'is not UTF-8', fields: [] }]);
    expect(await find('kai')).toBeUndefined();
    // UTF-16 says what it is.
    const wide = Buffer.from(`\ufeff${table.replace('jil', 'joe').replace('jil@', 'joe@')}`, 'utf16le');
    expect((await service.asService(() => service.users.importUsers({ csv: wide }))).created).toBe(2);
    expect(await find('kai')).toMatchObject({ displayName: 'K\u00e4i' });
  });

  it('takes a table at the import only, and nothing but a table there', async () => {
    const body = { as: operator, body: 'username,email', headers: { 'content-type': 'text/csv' } };
    expect((await service.call('POST /internal/users', body)).status).toBe(415);
    expect((await service.call('POST /internal/users:import', { as: operator, body: {} })).status).toBe(415);
    const member = await service.register('not-an-operator');
    expect((await service.call('POST /internal/users:import', { ...body, as: member })).status).toBe(403);
  });

  it('keeps all lines before the one from which on it cannot be read', async () => {
    const lines = linesOf('kept', 300);
    const report = await send(`${lines.join('\n')}\nhal,"hal@example.com`);
    expect(report.body).toMatchObject({ created: 300, refused: 1, refusedLines: [{ line: 0 }] });
    expect(report.body.refusedLines[0].errors).toMatchObject([{ code: 'CSV_QUOTE_NOT_CLOSED' }]);
  });

  it('imports thousands of lines after the answer, says how far it is, and exports them page by page', async () => {
    const count = 1_500;
    const accepted = await send(linesOf('bulk', count).join('\n'));
    expect(accepted).toMatchObject({ status: 202, body: { rows: count } });
    expect(accepted.headers.get('retry-after')).not.toBeNull();
    const place = `/internal/user-imports/${accepted.body.id}`;
    expect(accepted.headers.get('location')).toBe(place);
    const seen: number[] = [];
    const last = await until(
      () => service.call(`GET ${place}`, { as: operator }),
      ({ body }) => {
        seen.push(body.created);
        return body.state === 'done';
      },
      60_000,
    );
    expect(last.body).toMatchObject({ rows: count, created: count, refused: 0, refusedLines: [] });
    expect(last.headers.get('retry-after')).toBeNull();
    expect(seen.some((created) => created > 0 && created < count)).toBe(true);
    expect(seen).toEqual(seen.toSorted((one, other) => one - other));
    const names = (await exported()).split('\n').filter((line) => line.includes(',bulk-'));
    expect(new Set(names).size).toBe(count);
    const path = '/internal/users:export';
    const request = { audience: 'tenant-service', sealKey: service.sealKey, method: 'GET', path, identity: operator };
    const download = await fetch(`${service.http}${path}`, { headers: sealedHeaders(request) });
    expect(download.headers.get('content-type')).toContain('text/csv');
    expect(await download.text()).toBe(await exported());
    const wrong = await fetch(`${service.http}${path}?filter=nonsense`, { headers: sealedHeaders(request) });
    expect(wrong.status).toBe(400);
  }, 60_000);

  it('is done once with one Idempotency-Key, which stands for the whole table and no other', async () => {
    const once = { 'idempotency-key': 'table-once' };
    const table = (name: string): string => `username,email\n${name},${name}@example.com\n`;
    const first = await send(table('kim'), once);
    expect(first).toMatchObject({ status: 200, body: { created: 1, refused: 0 } });
    expect((await send(table('kim'), once)).body).toEqual(first.body);
    expect(await send(table('kit'), once)).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    expect(await find('kit')).toBeUndefined();
    const refused = await send('nonsense', { 'idempotency-key': 'table-bad' });
    expect(refused.status).toBe(400);
  });

  it('answers at once whoever prefers that, with the same import for the same key', async () => {
    const headers = { prefer: 'respond-async', 'idempotency-key': 'table-later' };
    const table = linesOf('later', 3).join('\n');
    const [first, again] = [await send(table, headers), await send(table, headers)];
    expect([first.status, again.status]).toEqual([202, 202]);
    expect(first.headers.get('preference-applied')).toBe('respond-async');
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect(again.body).toMatchObject({ id: first.body.id, state: 'queued' });
    expect(await ended(first.body.id)).toMatchObject({ state: 'done', created: 3, refused: 0 });
  });

  it('writes down who has sent a table, and what became of it', async () => {
    const { body } = await send('username,email\nlea,lea@example.com\nlea,lea@example.com', {
      prefer: 'respond-async',
    });
    await ended(body.id);
    const trail = () => service.call('GET /internal/audit?pageSize=100', { as: operator });
    const of = ({ body: page }: Awaited<ReturnType<typeof trail>>) =>
      page.items.filter(({ target }: { target: string }) => target === body.id);
    const entries = of(await until(trail, (page) => of(page).length === 2));
    const actions = entries.map(({ action, actorId, details }: Record<string, unknown>) => ({
      action,
      actorId,
      details,
    }));
    expect(actions).toEqual(
      expect.arrayContaining([
        { action: 'import.accepted', actorId: operator.userId, details: { rows: 2 } },
        { action: 'users.imported', actorId: operator.userId, details: { created: 1, refused: 1 } },
      ]),
    );
    const made = (page: Awaited<ReturnType<typeof trail>>) =>
      page.body.items.find(({ action }: { action: string }) => action === 'user.created');
    expect(made(await until(trail, (page) => made(page) !== undefined)).actorId).toBe(operator.userId);
  });

  it('lists imports, the newest first, and shows them to whoever may import only', async () => {
    const { body } = await send(linesOf('listed', 1).join('\n'));
    const list = await service.call('GET /internal/user-imports?pageSize=1', { as: operator });
    const { refusedLines: _none, ...listed } = body;
    expect(list.body.items).toEqual([listed]);
    const running = await service.call(`GET /internal/user-imports?filter=${encodeURIComponent('state = "failed"')}`, {
      as: operator,
    });
    expect(running.body.items).toEqual([]);
    const member = await service.register('may-not-import');
    for (const path of ['/internal/user-imports', `/internal/user-imports/${body.id}`]) {
      expect((await service.call(`GET ${path}`, { as: member })).status).toBe(403);
    }
    expect((await service.call(`GET /internal/user-imports/${newId()}`, { as: operator })).status).toBe(404);
  });

  it('goes on when auth-service is back, and makes nobody twice', async () => {
    isAway = true;
    const table = `username,email,password_hash\nmia,mia@example.com,${bcrypt}\nned,ned@example.com,${bcrypt}`;
    const accepted = await send(table, { 'idempotency-key': 'table-away' });
    expect(accepted).toMatchObject({ status: 202, body: { created: 0, refused: 0, reason: 'SERVICE_UNAVAILABLE' } });
    isAway = false;
    expect(await ended(accepted.body.id)).toMatchObject({ state: 'done', created: 2, refused: 0, refusedLines: [] });
    const mia = await find('mia');
    expect(imported.filter(({ userId }) => userId === mia.id)).toHaveLength(1);
  }, 30_000);

  it('takes no more tables at once than it should from one, and others from others', async () => {
    isAway = true;
    const table = (n: number): string => `username,email,password_hash\nmany-${n},many-${n}@example.com,${bcrypt}`;
    const held: string[] = [];
    for (let n = 0; n < 5; n += 1) held.push((await send(table(n), { prefer: 'respond-async' })).body.id);
    const refusal = await send(table(5));
    expect(refusal).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } });
    expect(refusal.headers.get('retry-after')).not.toBeNull();
    const other = { ...operator, userId: newId() };
    const theirs = await service.call('POST /internal/users:import', {
      as: other,
      body: linesOf('others', 2).join('\n'),
      headers: { 'content-type': 'text/csv' },
    });
    expect(theirs).toMatchObject({ status: 200, body: { created: 2 } });
    isAway = false;
    for (const id of held) expect(await ended(id)).toMatchObject({ created: 1 });
    expect(await find('many-5')).toBeUndefined();
  }, 60_000);

  it('keeps nothing of a table that it refuses', async () => {
    const count = async (): Promise<number> => {
      const { body } = await service.call('GET /internal/user-imports?pageSize=100', { as: operator });
      return body.items.length;
    };
    const before = await count();
    for (const table of ['', 'username\nann', 'nonsense']) expect((await send(table)).status).toBe(400);
    expect(await count()).toBe(before);
  });

  it('exports no formula, and can import what it has exported', async () => {
    const name = '=HYPERLINK("http://evil.example")';
    await service.call('POST /internal/users', {
      as: operator,
      body: { username: '-dash', email: '+plus@example.com', displayName: name },
    });
    const csv = await exported();
    const line = csv.split('\n').find((one) => one.includes('dash')) ?? '';
    expect(line).toContain(`,'-dash,'+plus@example.com,"'=HYPERLINK(""http://evil.example"")",active,`);
    const { id } = await find('-dash');
    await service.call(`DELETE /internal/users/${id}`, { as: operator });
    await service.call(`POST /internal/users/${id}:purge`, { as: operator });
    const again = await send(`${csv.split('\n')[0]}\n${line}\n`);
    expect(again.body).toMatchObject({ created: 1, refused: 0 });
    expect(await find('-dash')).toMatchObject({ email: '+plus@example.com', displayName: name });
  });

  it('does both over gRPC too', async () => {
    const csv = Buffer.from('username,email\nzoe,zoe@example.com\nbad');
    const report = await service.asService(() => service.users.importUsers({ csv }));
    const refusedLines = [{ line: 3, reason: 'has 1 columns instead of 2', fields: [] }];
    expect(report).toMatchObject({ created: 1, refused: 1, refusedLines, import: { state: UserImportState.DONE } });
    const id = report.import?.id ?? '';
    const [told, listed] = await service.asService(() =>
      Promise.all([
        service.imports.getUserImport({ id }),
        service.imports.listUserImports({ pageSize: 1, pageToken: '', orderBy: '', filter: '' }),
      ]),
    );
    expect(told).toEqual({ import: report.import, refusedLines });
    expect(listed.imports).toEqual([report.import]);
    expect(await exported()).toMatch(/^id,username,email,/);
  });
}

describe('users by the table', () => {
  beforeAll(() => start());
  afterAll(stop);
  behaviour();
});

describeWith(['mariadbd', 'mariadb-install-db'], 'users by the table, on MariaDB', () => {
  let database: TestServer;
  beforeAll(async () => {
    database = await startMariaDb();
    await start({ DATABASE_URL: database.url });
  }, 60_000);
  afterAll(async () => {
    await stop();
    await database.stop();
  });
  behaviour();
});
