import { jest } from '@jest/globals';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { aDocument, aFolder, aLiveGateway, type LiveGateway, onAnyPort } from './live-gateway.fixture.js';
import { NacosServer, nacosVersions } from './nacos-server.fixture.js';
import { anUpstream, type Upstream } from './upstream.fixture.js';

jest.setTimeout(60_000);

describe.each(nacosVersions)('with Nacos %s', (version) => {
  let folder: string;
  let nacos: NacosServer;
  let upstreams: Upstream[];
  let gateways: LiveGateway[];

  beforeEach(async () => {
    folder = aFolder();
    nacos = await NacosServer.start(version);
    nacos.user = user;
    upstreams = await Promise.all(['one', 'two'].map((name) => anUpstream((_, response) => response.end(name))));
    gateways = [];
  });
  afterEach(async () => {
    for (const gateway of gateways) await gateway.stop();
    await nacos.stop();
    for (const upstream of upstreams) await upstream.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const asGateway = { NACOS_USERNAME: 'gateway', NACOS_PASSWORD: 'hunter2hunter2' };
  const user = { username: 'gateway', password: 'hunter2hunter2' };
  const start = async (environment: Record<string, string> = {}): Promise<LiveGateway> => {
    const gateway = await aLiveGateway(folder, {
      NACOS_SERVER: `127.0.0.1:${nacos.port}`,
      ...asGateway,
      ...environment,
    });
    gateways.push(gateway);
    return gateway;
  };
  const [one, two] = [() => upstreams[0]?.url ?? '', () => upstreams[1]?.url ?? ''];
  const read = async (gateway: LiveGateway, path: string) => {
    const answer = await fetch(`${gateway.http}${path}`);
    return answer.ok ? answer.text() : answer.status;
  };
  const fromNacos = { CONFIGURATION_SOURCE: 'nacos' };

  describe('a configuration in Nacos', () => {
    it('is taken from there with the credentials, and goes into force when it changes', async () => {
      nacos.publish('gateway.yaml', aDocument(one(), '/a'));
      const gateway = await start(fromNacos);
      expect(await read(gateway, '/a')).toBe('one');
      expect(nacos.urls.filter((url) => url.includes('hunter2') || url.includes('username'))).toEqual([]);

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

      nacos.become('broken');
      await gateway.until(({ failure }) => failure?.kind === 'unreachable');
      expect(await read(gateway, '/b')).toBe('one');
      nacos.become('well');
      nacos.publish('gateway.yaml', aDocument(one(), '/c'));
      await gateway.until(({ failure }) => failure === null);
      expect(await read(gateway, '/c')).toBe('one');
    }, 30_000);

    it('starts from the last good configuration when Nacos is gone, and does not ask it in a frenzy', async () => {
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

      nacos = await NacosServer.start(version, port);
      nacos.user = user;
      nacos.become('broken');
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      expect(nacos.asked.length).toBeLessThan(10);
      nacos.become('well');
      nacos.publish('gateway.yaml', aDocument(two(), '/b'));
      await gateway.until(({ failure }) => failure === null);
      expect(await read(gateway, '/b')).toBe('two');
    }, 40_000);

    it.each(['broken', 'silent', 'refusing'] as const)(
      'starts from the last good configuration when Nacos is %s',
      async (how) => {
        nacos.publish('gateway.yaml', aDocument(one(), '/a'));
        await (await start(fromNacos)).stop();
        if (how === 'refusing') nacos.user = { ...user, password: 'another' };
        else nacos.become(how);
        const gateway = await start(fromNacos);
        expect(await gateway.until(() => true)).toMatchObject({ failure: { kind: 'unreachable' } });
        expect(await read(gateway, '/a')).toBe('one');
        nacos.user = user;
        nacos.become('well');
        await gateway.until(({ failure }) => failure === null);
      },
    );

    it.each(['broken', 'silent', 'refusing'] as const)('without a copy waits for a Nacos that is %s', async (how) => {
      nacos.publish('gateway.yaml', aDocument(one(), '/a'));
      if (how === 'refusing') nacos.user = { ...user, password: 'another' };
      else nacos.become(how);
      const starting = start(fromNacos);
      while (nacos.asked.length < 3) await new Promise((resolve) => setTimeout(resolve, 20));
      nacos.user = user;
      nacos.become('well');
      expect(await read(await starting, '/a')).toBe('one');
    });

    it('logs in again when its token is not taken any more, and speaks to the version that is there', async () => {
      nacos.publish('gateway.yaml', aDocument(one(), '/a'));
      const gateway = await start(fromNacos);
      nacos.forgetTokens();
      nacos.publish('gateway.yaml', aDocument(one(), '/b'));
      await gateway.until((body) => body.configuration.routes[0]?.id === 'r0' && body.failure === null);
      while ((await read(gateway, '/b')) !== 'one') await new Promise((resolve) => setTimeout(resolve, 50));
      nacos.upgradeTo(version === '2.x' ? '3.x' : '2.x');
      nacos.publish('gateway.yaml', aDocument(two(), '/c'));
      while ((await read(gateway, '/c')) !== 'two') await new Promise((resolve) => setTimeout(resolve, 50));
    });

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
      nacos.become('broken');
      await new Promise((resolve) => setTimeout(resolve, 1_200));
      expect([...(await answers(gateway))]).toEqual(['two']);
    }, 30_000);

    it('that were found last serve a gateway that starts while Nacos is down', async () => {
      writeFileSync(join(folder, 'gateway.yaml'), document());
      nacos.register('shop', [hostOf(two())]);
      const earlier = await start();
      expect(await read(earlier, '/')).toBe('two');
      await earlier.stop();
      nacos.become('broken');
      const gateway = await start();
      expect(await read(gateway, '/')).toBe('two');
      const { body } = await gateway.manage('GET', '/configuration');
      expect(body).toMatchObject({ failure: null, discoveryFailures: { shop: expect.any(String) } });
    }, 30_000);
  });
});
