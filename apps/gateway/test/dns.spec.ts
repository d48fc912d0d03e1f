import { jest } from '@jest/globals';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { NameServer } from '@libs/testing';

import { aFolder, aLiveGateway, type LiveGateway, onAnyPort } from './live-gateway.fixture.js';

jest.setTimeout(30_000);

let folder: string;
let names: NameServer;
let gateways: LiveGateway[];
let instances: Server[];
let port: number;

const listen = async (address: string, on: number): Promise<number> => {
  const server = createServer((_, response) => response.end(address)).listen(on, address);
  await once(server, 'listening');
  instances.push(server);
  return (server.address() as AddressInfo).port;
};

beforeEach(async () => {
  folder = aFolder();
  names = await NameServer.start();
  gateways = [];
  instances = [];
  port = await listen('127.0.0.1', 0);
  await listen('127.0.0.2', port);
});
afterEach(async () => {
  for (const gateway of gateways) await gateway.stop();
  await names.close();
  for (const server of instances) server.close();
  rmSync(folder, { recursive: true, force: true });
});

const start = async (discovery = `name: shop.test, port: ${port}`): Promise<LiveGateway> => {
  writeFileSync(
    join(folder, 'gateway.yaml'),
    onAnyPort(
      [
        'services:',
        '  shop:',
        '    balance: round-robin',
        `    discovery: { dns: { ${discovery}, refresh: 1s, servers: ['${names.address}'] } }`,
        'routes: [{ id: shop, path: /**, service: shop, access: { authenticated: false } }]',
      ].join('\n'),
    ),
  );
  const gateway = await aLiveGateway(folder);
  gateways.push(gateway);
  return gateway;
};
const at = (...addresses: string[]) => addresses.map((address) => ({ type: 'A' as const, address, ttl: 1 }));
const answers = async ({ http }: LiveGateway): Promise<string> => {
  const texts = await Promise.all(Array.from({ length: 8 }, async () => (await fetch(http)).text()));
  return [...new Set(texts)].toSorted().join(' ');
};
const until = async (gateway: LiveGateway, expected: string): Promise<void> => {
  while ((await answers(gateway)) !== expected) await new Promise((resolve) => setTimeout(resolve, 50));
};

describe('instances in the DNS', () => {
  it('come and go with their names, and the last known ones stay when nobody can be asked', async () => {
    names.know('shop.test', at('127.0.0.1'));
    const gateway = await start();
    expect(await answers(gateway)).toBe('127.0.0.1');
    names.know('shop.test', at('127.0.0.1', '127.0.0.2'));
    await until(gateway, '127.0.0.1 127.0.0.2');
    names.know('shop.test', at('127.0.0.2'));
    await until(gateway, '127.0.0.2');

    for (const fault of ['failure', 'no-such-name'] as const) {
      const asked = names.asked.length;
      names.know('shop.test', fault);
      while (names.asked.length < asked + 2) await new Promise((resolve) => setTimeout(resolve, 50));
      expect(await answers(gateway)).toBe('127.0.0.2');
    }
    const { body } = await gateway.manage('GET', '/configuration');
    expect(body).toMatchObject({ failure: null, discoveryFailures: { shop: expect.any(String) } });
  }, 30_000);

  it('are found by SRV, whose ports they bring along; a spare one stands by', async () => {
    const service = (priority: number, target: string) => ({ type: 'SRV', priority, weight: 1, port, target }) as const;
    names.know('_http._tcp.shop.test', [service(1, '127.0.0.1'), service(2, '127.0.0.2')]);
    const gateway = await start('name: _http._tcp.shop.test, type: SRV');
    expect(await answers(gateway)).toBe('127.0.0.1');
    expect((await gateway.manage('GET', '/services/shop')).body.instances).toMatchObject([
      { url: `http://127.0.0.1:${port}`, backup: false },
      { url: `http://127.0.0.2:${port}`, backup: true },
    ]);
  });

  it('serve a gateway that starts while the name server is down', async () => {
    names.know('shop.test', at('127.0.0.2'));
    await (await start()).stop();
    names.know('shop.test', 'failure');
    const gateway = await start();
    expect(await answers(gateway)).toBe('127.0.0.2');
    names.know('shop.test', at('127.0.0.1'));
    await until(gateway, '127.0.0.1');
  }, 30_000);

  it('may be none yet: that is 503, until there are some', async () => {
    const gateway = await start();
    expect((await fetch(gateway.http)).status).toBe(503);
    names.know('shop.test', at('127.0.0.1'));
    await until(gateway, '127.0.0.1');
  }, 30_000);
});
