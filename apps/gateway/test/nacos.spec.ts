import { jest } from '@jest/globals';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { aDocument, aFolder, aLiveGateway, type LiveGateway, onAnyPort } from './live-gateway.fixture.js';
import { NacosServer } from './nacos-server.fixture.js';
import { anUpstream, type Upstream } from './upstream.fixture.js';

jest.setTimeout(30_000);

let folder: string;
let nacos: NacosServer;
let upstreams: Upstream[];
let gateways: LiveGateway[];

beforeEach(async () => {
  folder = aFolder();
  nacos = await NacosServer.start();
  upstreams = await Promise.all(['one', 'two'].map((name) => anUpstream((_, response) => response.end(name))));
  gateways = [];
});
afterEach(async () => {
  for (const gateway of gateways) await gateway.stop();
  await nacos.stop();
  for (const upstream of upstreams) await upstream.close();
  rmSync(folder, { recursive: true, force: true });
});

const start = async (environment: Record<string, string> = {}): Promise<LiveGateway> => {
  const gateway = await aLiveGateway(folder, { NACOS_SERVER: `127.0.0.1:${nacos.port}`, ...environment });
  gateways.push(gateway);
  return gateway;
};
const [one, two] = [() => upstreams[0]?.url ?? '', () => upstreams[1]?.url ?? ''];
const read = async (gateway: LiveGateway, path: string) => {
  const answer = await fetch(`${gateway.http}${path}`);
  return answer.ok ? answer.text() : answer.status;
};
const fromNacos = { CONFIGURATION_SOURCE: 'nacos', NACOS_USERNAME: 'gateway', NACOS_PASSWORD: 'hunter2hunter2' };

describe('a configuration in Nacos', () => {
  it('is taken from there with the credentials, and goes into force when it changes', async () => {
    nacos.publish('gateway.yaml', aDocument(one(), '/a'));
    const gateway = await start(fromNacos);
    expect(await read(gateway, '/a')).toBe('one');
    expect(nacos.credentials).toBe('gateway:hunter2hunter2');

    nacos.publish('gateway.yaml', aDocument(two(), '/a', '/b'));
    await gateway.until((body) => body.configuration.routes.length === 2);
    expect(await read(gateway, '/b')).toBe('two');
  });

  it('changes nothing when it is bad, or when Nacos fails, and recovers from both', async () => {
    nacos.publish('gateway.yaml', aDocument(one(), '/a'));
    const gateway = await start(fromNacos);
    nacos.publish('gateway.yaml', 'extra: 1');
    await gateway.until(({ failure }) => failure?.kind === 'invalid');
    expect(await read(gateway, '/a')).toBe('one');
    nacos.publish('gateway.yaml', aDocument(one(), '/b'));
    await gateway.until(({ failure }) => failure === null);
    expect(await read(gateway, '/b')).toBe('one');

    nacos.break();
    await gateway.until(({ failure }) => failure?.kind === 'unreachable');
    expect(await read(gateway, '/b')).toBe('one');
    nacos.break(false);
    nacos.publish('gateway.yaml', aDocument(one(), '/c'));
    await gateway.until(({ failure }) => failure === null);
    expect(await read(gateway, '/c')).toBe('one');
  }, 30_000);

  it('starts from the kept copy when Nacos is gone, and does not ask it in a frenzy', async () => {
    nacos.publish('gateway.yaml', aDocument(one(), '/a'));
    const { port } = nacos;
    const environment = { ...fromNacos, NACOS_SERVER: `127.0.0.1:${port}` };
    const earlier = await start(environment);
    await earlier.stop();
    await nacos.stop();

    const gateway = await start(environment);
    expect(await gateway.until(() => true)).toMatchObject({ failure: { kind: 'unreachable' } });
    expect(await read(gateway, '/a')).toBe('one');
    expect((await fetch(`${gateway.http}/ready`)).status).toBe(200);

    nacos = await NacosServer.start(port);
    nacos.break();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(nacos.asked.length).toBeLessThan(10);
    nacos.break(false);
    nacos.publish('gateway.yaml', aDocument(two(), '/b'));
    await gateway.until(({ failure }) => failure === null);
    expect(await read(gateway, '/b')).toBe('two');
  }, 40_000);

  it('stops the start when there is neither a document nor a copy', async () => {
    await expect(start(fromNacos)).rejects.toThrow(/no copy was kept.*no gateway\.yaml in the group DEFAULT_GROUP/);
  });
});

describe('instances in Nacos', () => {
  const document = () =>
    onAnyPort(
      [
        'services: { shop: { balance: round-robin, discovery: { nacos: { service: shop, refresh: 1s } } } }',
        'routes: [{ id: shop, path: /**, service: shop, access: { authenticated: false } }]',
      ].join('\n'),
    );
  const hostOf = (url: string, more: object = {}) => ({ ip: '127.0.0.1', port: Number(new URL(url).port), ...more });
  const answers = async (gateway: LiveGateway) =>
    new Set(await Promise.all(Array.from({ length: 8 }, () => read(gateway, '/'))));
  const until = async (gateway: LiveGateway, expected: readonly (string | number)[]) => {
    while (JSON.stringify([...(await answers(gateway))].toSorted()) !== JSON.stringify(expected)) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

  it('come and go, only those that are enabled and healthy', async () => {
    writeFileSync(join(folder, 'gateway.yaml'), document());
    nacos.register('shop', [hostOf(one()), hostOf(two(), { healthy: false })]);
    const gateway = await start();
    expect([...(await answers(gateway))]).toEqual(['one']);
    nacos.register('shop', [hostOf(one()), hostOf(two())]);
    await until(gateway, ['one', 'two']);
    nacos.register('shop', [hostOf(one(), { enabled: false }), hostOf(two())]);
    await until(gateway, ['two']);
    // The register has lost them all: the last known one stays.
    nacos.register('shop', []);
    nacos.break();
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect([...(await answers(gateway))]).toEqual(['two']);
  }, 30_000);

  it('that were found last serve a gateway that starts while Nacos is down', async () => {
    writeFileSync(join(folder, 'gateway.yaml'), document());
    nacos.register('shop', [hostOf(two())]);
    const earlier = await start();
    expect(await read(earlier, '/')).toBe('two');
    await earlier.stop();
    nacos.break();
    const gateway = await start();
    expect(await read(gateway, '/')).toBe('two');
    const { body } = await gateway.manage('GET', '/configuration');
    expect(body).toMatchObject({ failure: null, discoveryFailures: { shop: expect.any(String) } });
  }, 30_000);
});
