import { jest } from '@jest/globals';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describeWith, startMariaDb, type TestServer } from '@libs/testing';

import { DatabaseSource } from '../src/configuration/sources/database-source.js';
import { aDocument, aFolder, aLiveGateway, type LiveGateway } from './live-gateway.fixture.js';
import { anUpstream, type Upstream } from './upstream.fixture.js';

jest.setTimeout(30_000);

const signed = { author: 'alice', reason: 'a test' };

let folder: string;
let upstream: Upstream;
let gateways: LiveGateway[];

beforeEach(async () => {
  folder = aFolder();
  upstream = await anUpstream((_, response) => response.end('served'));
  gateways = [];
  writeFileSync(join(folder, 'gateway.yaml'), withPaths('/first'));
});
afterEach(async () => {
  for (const gateway of gateways) await gateway.stop();
  await upstream.close();
  rmSync(folder, { recursive: true, force: true });
});

const withPaths = (...paths: string[]): string => aDocument(upstream.url, ...paths);
const start = async (environment: Record<string, string> = {}): Promise<LiveGateway> => {
  const gateway = await aLiveGateway(folder, { CONFIGURATION_SOURCE: 'database', ...environment });
  gateways.push(gateway);
  return gateway;
};
const statusOf = async ({ http }: LiveGateway, path: string): Promise<number> => (await fetch(`${http}${path}`)).status;
const publish = (gateway: LiveGateway, document: unknown, headers = {}) =>
  gateway.manage('POST', '/configuration/versions', { document, ...signed }, headers);
const within = async (limitMs: number, work: Promise<unknown>): Promise<void> => {
  const begun = performance.now();
  await work;
  expect(performance.now() - begun).toBeLessThan(limitMs);
};

function itKeepsVersions(environment: () => Record<string, string>): void {
  it('begins with a copy of the file, and publishes to every gateway within two seconds', async () => {
    const [one, two] = [await start(environment()), await start(environment())];
    expect(await statusOf(two, '/first')).toBe(200);
    expect((await two.manage('GET', '/configuration')).body).toMatchObject({ source: 'database', version: '1' });

    const published = await publish(one, withPaths('/second'));
    expect(published).toMatchObject({ status: 201, body: { number: 2, published: true, ...signed } });
    expect(published.headers.get('location')).toBe('/configuration/versions/2');
    // The one that was asked has it in force before it answers.
    expect(await statusOf(one, '/second')).toBe(200);
    await within(
      2_000,
      two.until(({ version }) => version === '2'),
    );
    expect(await statusOf(two, '/second')).toBe(200);
    expect(await statusOf(two, '/first')).toBe(404);
  });

  it('is learned of by asking, too, where no event comes', async () => {
    const gateway = await start(environment());
    const { DATABASE_URL: databaseUrl } = environment();
    const other = new DatabaseSource({ databaseUrl, dataDir: join(folder, 'data'), folder, seed: () => never() });
    await (await other.versions()).publish(withPaths('/quietly'), signed);
    await other.close();
    await within(
      2_000,
      gateway.until(({ version }) => version === '2'),
    );
    expect(await statusOf(gateway, '/quietly')).toBe(200);
  });

  it('rolls back, and tells who did what and why', async () => {
    const gateway = await start(environment());
    await publish(gateway, withPaths('/second'));
    await publish(gateway, { ...JSON.parse(JSON.stringify({ routes: [] })) });
    expect(await statusOf(gateway, '/second')).toBe(404);

    const back = await gateway.manage('POST', '/configuration/rollback', { author: 'bob', reason: 'all is 404' });
    expect(back).toMatchObject({ status: 200, body: { number: 4, version: 2, author: 'bob', reason: 'all is 404' } });
    expect(await statusOf(gateway, '/second')).toBe(200);

    const { body } = await gateway.manage('GET', '/configuration/publications');
    expect(body.items.map(({ version, author }: never) => [version, author])).toEqual([
      [2, 'bob'],
      [3, 'alice'],
      [2, 'alice'],
      [1, 'gateway'],
    ]);
    const firstAgain = await gateway.manage('POST', '/configuration/rollback', { ...signed, version: 1 });
    expect(firstAgain.body).toMatchObject({ version: 1 });
    expect(await statusOf(gateway, '/first')).toBe(200);
  });

  it('takes one of two publications that were made from the same state', async () => {
    const gateway = await start(environment());
    const etag = (await gateway.manage('GET', '/configuration')).headers.get('etag') ?? '';
    const answers = await Promise.all(
      ['/a', '/b', '/c'].map((path) => publish(gateway, withPaths(path), { 'if-match': etag })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 412, 412]);
    expect((await publish(gateway, withPaths('/d'), { 'if-match': etag })).body).toMatchObject({
      code: 'RESOURCE_CHANGED',
    });
    expect((await publish(gateway, withPaths('/e'))).status).toBe(201);
  });
}

describe('versions in SQLite', () => {
  itKeepsVersions(() => ({}));

  it('lists versions by pages, and keeps some that are not in force', async () => {
    const gateway = await start();
    for (let count = 2; count <= 5; count++) {
      await gateway.manage('POST', '/configuration/versions', { document: '{}', ...signed, publish: false });
    }
    const first = (await gateway.manage('GET', '/configuration/versions?pageSize=3')).body;
    expect(first.items.map(({ number }: { number: number }) => number)).toEqual([5, 4, 3]);
    const second = (await gateway.manage('GET', `/configuration/versions?pageSize=3&pageToken=${first.nextPageToken}`))
      .body;
    expect(second).toMatchObject({ items: [{ number: 2 }, { number: 1, published: true }], nextPageToken: '' });
    expect(await statusOf(gateway, '/first')).toBe(200);

    expect((await gateway.manage('GET', '/configuration/versions/3')).body).toMatchObject({ document: '{}' });
    expect(await gateway.manage('POST', '/configuration/versions/3/publish', signed)).toMatchObject({ status: 200 });
    expect(await statusOf(gateway, '/first')).toBe(404);
    expect((await gateway.manage('GET', '/configuration/versions/99')).body).toMatchObject({
      code: 'RESOURCE_NOT_FOUND',
    });
  });

  it('refuses a version with mistakes, names them all, and keeps nothing', async () => {
    const gateway = await start();
    const refused = await publish(gateway, 'extra: 1\nroutes: [{ id: a, path: /a, service: gone }]');
    expect(refused).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
    expect(refused.body.errors.map(({ field }: { field: string }) => field)).toEqual(['extra', 'routes.0.service']);
    expect(refused.body.errors[0].message).toMatch(/^1:1 /);
    expect((await gateway.manage('GET', '/configuration/versions')).body.items).toHaveLength(1);
  });

  it('goes on when what was published cannot be used, here', async () => {
    const gateway = await start();
    const other = new DatabaseSource({ dataDir: join(folder, 'data'), folder, seed: () => never() });
    await (await other.versions()).publish('extra: 1', signed);
    await other.close();
    await gateway.until(({ failure }) => failure?.kind === 'invalid');
    expect(await statusOf(gateway, '/first')).toBe(200);
    await gateway.stop();

    // The copy that was kept is the last good one, not the last one.
    const next = await start();
    expect(await statusOf(next, '/first')).toBe(200);
    expect((await next.manage('POST', '/configuration/rollback', signed)).status).toBe(200);
    await next.until(({ failure }) => failure === null);
  });
});

describeWith(['mariadbd'], 'versions in MySQL', () => {
  let server: TestServer;
  let turn = 0;
  let databaseUrl: string;

  beforeAll(async () => {
    server = await startMariaDb();
  }, 60_000);
  afterAll(() => server.stop());
  beforeEach(() => {
    databaseUrl = server.url.replace(/gatehouse$/, `test${turn++}`);
  });

  itKeepsVersions(() => ({ DATABASE_URL: databaseUrl }));

  it('starts with the database down, and takes over what it says once it is back', async () => {
    const earlier = await start({ DATABASE_URL: databaseUrl });
    await publish(earlier, withPaths('/kept'));
    await earlier.stop();
    await server.kill();

    const gateway = await start({ DATABASE_URL: databaseUrl });
    expect(await statusOf(gateway, '/kept')).toBe(200);
    expect(await gateway.until(() => true)).toMatchObject({ version: '2', failure: { kind: 'unreachable' } });
    expect((await fetch(`${gateway.http}/ready`)).status).toBe(200);
    expect((await publish(gateway, withPaths('/now'))).status).toBe(503);

    await server.restart();
    await gateway.until(({ failure }) => failure === null);
    expect((await publish(gateway, withPaths('/again'))).status).toBe(201);
    expect(await statusOf(gateway, '/again')).toBe(200);
  }, 60_000);
});

function never(): never {
  throw new Error('there is something in the database already');
}
