import { invalidField } from '@libs/errors';
import { CredentialServiceService, toGrpcStatus } from '@libs/grpc';
import {
  describeWith,
  type FakePeer,
  fakeService,
  sealedHeaders,
  startFakePeer,
  startMariaDb,
  type TestServer,
} from '@libs/testing';

import { operator, type TenantServiceForTest, tenantServiceForTest } from '../../test/tenant-service.fixture.js';

const bcrypt = '$2b$10$abcdefghijklmnopqrstuuJ0mP4rXnYkq1rYwYbF1nGJzZf0w0l5e';

/** As auth-service refuses a hash that it cannot take. */
const refused = (): Error =>
  Object.assign(new Error('refused'), toGrpcStatus(invalidField('passwordHash', 'custom', 'must be a hash.')));

let authService: FakePeer;
let imported: { userId: string; passwordHash: string }[];
let service: TenantServiceForTest;

const start = async (environment = {}): Promise<void> => {
  imported = [];
  authService = await startFakePeer(
    fakeService(CredentialServiceService, {
      importPasswordHash: async (request) => {
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

  it('imports thousands of lines as they come, and exports them page by page', async () => {
    const count = 1_500;
    const lines = Array.from({ length: count }, (_, n) => `bulk-${n},bulk-${n}@example.com`);
    expect((await send(`username,email\n${lines.join('\n')}\n`)).body).toMatchObject({ created: count, refused: 0 });
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
    expect(report).toEqual({
      created: 1,
      refused: 1,
      refusedLines: [{ line: 3, reason: 'has 1 columns instead of 2', fields: [] }],
    });
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
