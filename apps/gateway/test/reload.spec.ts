import { jest } from '@jest/globals';
import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { aDocument, aFolder, aLiveGateway, type LiveGateway, onAnyPort, replaceFile } from './live-gateway.fixture.js';
import { anUpstream, type Upstream } from './upstream.fixture.js';

jest.setTimeout(30_000);

let upstream: Upstream;
let folder: string;
let file: string;
let gateway: LiveGateway | undefined;

beforeAll(async () => {
  upstream = await anUpstream((_, response) => response.end('served'));
});
afterAll(() => upstream.close());

beforeEach(() => {
  folder = aFolder();
  file = join(folder, 'gateway.yaml');
});
afterEach(async () => {
  await gateway?.stop();
  gateway = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const start = async (text: string, environment: Record<string, string> = {}): Promise<LiveGateway> => {
  writeFileSync(file, text);
  return (gateway = await aLiveGateway(folder, environment));
};
const statusOf = async (path: string): Promise<number> => (await fetch(`${gateway?.http}${path}`)).status;
const idsOf = (body: { configuration: { routes: readonly { id: string }[] } }) =>
  body.configuration.routes.map(({ id }) => id);

describe('a configuration file that changes', () => {
  const one = (): string => aDocument(upstream.url, '/one');
  const two = (): string => aDocument(upstream.url, '/one', '/two');

  it.each([
    { how: 'replaced by renaming', change: (text: string) => replaceFile(file, text) },
    { how: 'written in place', change: (text: string) => writeFileSync(file, text) },
    {
      how: 'emptied, and written in two steps, as some editors do',
      change: (text: string) => {
        writeFileSync(file, '');
        writeFileSync(file, text.slice(0, 40), { flag: 'a' });
        writeFileSync(file, text.slice(40), { flag: 'a' });
      },
    },
    {
      how: 'moved away and made anew',
      change: (text: string) => {
        renameSync(file, `${file}~`);
        writeFileSync(file, text);
      },
    },
  ])('goes into force when it is $how', async ({ change }) => {
    const running = await start(one());
    expect(await statusOf('/two')).toBe(404);
    change(two());
    await running.until((body) => idsOf(body).length === 2);
    expect(await statusOf('/two')).toBe(200);
  });

  it.each([
    { where: 'in the middle of a line', cut: (text: string) => text.indexOf('/two') + 2 },
    { where: 'at the end of a line', cut: (text: string) => text.indexOf('\n', text.indexOf('routes:')) + 1 },
  ])('is not in force while it is written in place, $where', async ({ cut }) => {
    const text = aDocument(upstream.url, '/one', '/two', '/three');
    const running = await start(one());
    const { version } = await running.until(() => true);
    const versions = new Set<string>();
    // With pauses between the pieces, as a slow copy has them.
    writeFileSync(file, text.slice(0, cut(text)));
    for (let pause = 0; pause < 3; pause += 1) {
      await wait(100);
      versions.add((await running.until(() => true)).version);
    }
    writeFileSync(file, text.slice(cut(text)), { flag: 'a' });
    await running.until((body) => idsOf(body).length === 3);
    expect([...versions]).toEqual([version]);
    expect((await running.until(() => true)).failure).toBeNull();
  });

  it('goes into force when the link to its folder leads elsewhere, as Kubernetes changes a ConfigMap', async () => {
    const write = (name: string, text: string): void => {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'gateway.yaml'), text);
    };
    write('..2026_01', one());
    symlinkSync('..2026_01', join(folder, '..data'));
    symlinkSync(join('..data', 'gateway.yaml'), file);
    const running = (gateway = await aLiveGateway(folder));

    for (const [name, text, count] of [
      ['..2026_02', two(), 2],
      ['..2026_03', aDocument(upstream.url, '/a', '/b', '/c'), 3],
    ] as const) {
      write(name, text);
      symlinkSync(name, join(folder, '..data_tmp'));
      renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
      await running.until((body) => idsOf(body).length === count);
    }
    expect(await statusOf('/c')).toBe(200);
  });

  it.each([
    { what: 'has a mistake', text: 'routes: [{ id: x }]\nextra: 1', kind: 'invalid' },
    { what: 'is no YAML', text: 'routes: [', kind: 'invalid' },
    { what: 'has nothing in it', text: '\n', kind: 'invalid' },
  ])('changes nothing when it $what, and says so everywhere', async ({ text, kind }) => {
    const running = await start(one());
    const { version } = await running.until(() => true);
    replaceFile(file, text);
    const bad = await running.until(({ failure }) => failure !== null);

    expect(bad).toMatchObject({ version, failure: { kind } });
    expect(bad.failure?.mistakes.length).toBeGreaterThan(0);
    expect(await statusOf('/one')).toBe(200);
    const ready = await fetch(`${running.http}/ready`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({
      components: { configuration: { status: 'UP', details: { version, state: 'last-good', reason: kind } } },
    });
    const metrics = await (await fetch(`${running.management}/actuator/prometheus`)).text();
    expect(metrics).toMatch(/gateway_configuration_errors_total\{.*kind="invalid".*\} 1/);
    expect(metrics).toMatch(/gateway_configuration_stale\{.*\} 1/);
    expect(metrics).toMatch(/gateway_configuration_age_seconds\{.*\} \d/);

    replaceFile(file, two());
    await running.until(({ failure }) => failure === null);
    expect(await statusOf('/two')).toBe(200);
  });

  it('changes nothing when it is gone, and the last good one is in force when it is back', async () => {
    const running = await start(one());
    rmSync(file);
    await running.until(({ failure }) => failure !== null);
    expect(await statusOf('/one')).toBe(200);
    writeFileSync(file, one());
    await running.until(({ failure }) => failure === null);
  });

  it('goes into force although it contradicts itself, and says what check would say', async () => {
    const running = await start(one());
    expect((await running.until(() => true)).doubts).toEqual([]);
    replaceFile(
      file,
      `${one()}rateLimits: { unused: { key: address, algorithm: fixed-window, quota: 1, window: 1s } }\n`,
    );
    const { doubts } = await running.until((body) => body.doubts.length > 0);
    expect(doubts).toMatchObject([{ path: 'rateLimits.unused', message: expect.stringContaining('limits nothing') }]);
    const { body } = await running.manage('POST', '/configuration/validate', {
      document: 'services: { a: { instances: [{ url: http://a }] } }',
    });
    expect(body).toMatchObject({ valid: true, doubts: [{ path: 'services.a' }] });
  });

  it('says which sections wait for the next start', async () => {
    const running = await start(one());
    replaceFile(file, `${one()}\nlimits: { headerBytes: 32KiB }`);
    const { pendingRestart } = await running.until((body) => body.pendingRestart.length > 0);
    expect(pendingRestart).toEqual(['limits.headerBytes']);
  });

  it('stops the start when it is bad', async () => {
    writeFileSync(file, 'extra: 1');
    await expect(aLiveGateway(folder)).rejects.toMatchObject({ exitCode: 78 });
  });

  it('is kept on disk, whole', async () => {
    const running = await start(one());
    replaceFile(file, two());
    await running.until((body) => idsOf(body).length === 2);
    await running.stop();
    expect(readdirSync(join(folder, 'data', 'gateway'))).toEqual([expect.stringMatching(/^last-good-file-\w+\.json$/)]);
  });

  it('fills in the environment anew each time', async () => {
    const environment = { FIRST: '/first', SECOND: '/second' };
    const running = await start(aDocument(upstream.url, '${FIRST}'), environment);
    expect(await statusOf('/first')).toBe(200);
    replaceFile(file, aDocument(upstream.url, '${SECOND}'));
    await running.until(({ version }) => version !== '');
    await running.until((body) => JSON.stringify(body).includes('/second'));
    expect(await statusOf('/first')).toBe(404);
    replaceFile(file, onAnyPort('openapi: ${ABSENT}'));
    await running.until(({ failure }) => failure !== null);
    expect(await statusOf('/second')).toBe(200);
  });
});
