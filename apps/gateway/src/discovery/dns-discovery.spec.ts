import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { NameServer } from '@libs/testing';

import { discovery, type DnsDiscoveryConfig } from '../configuration/schema/discovery.schema.js';
import { DnsDiscovery } from './dns-discovery.js';
import type { FoundInstance } from './instance-discovery.js';

type News = readonly FoundInstance[] | 'failed';

let server: NameServer;
let end: () => void = () => undefined;

beforeEach(async () => {
  server = await NameServer.start();
});
afterEach(async () => {
  end();
  await server.close();
});

/** Gives what is found, one piece of news after the other. */
function follow(dns: object, options = { resolverFile: '/nowhere' }): () => Promise<News> {
  const config = discovery.parse({ dns: { servers: [server.address], ...dns } }).dns as DnsDiscoveryConfig;
  const news: News[] = [];
  let heard = Promise.withResolvers<void>();
  const tell = (one: News): void => {
    news.push(one);
    heard.resolve();
  };
  end = new DnsDiscovery(options).watch(config, { found: tell, failed: () => tell('failed') });
  return async () => {
    while (news.length === 0) {
      await heard.promise;
      heard = Promise.withResolvers();
    }
    return news.shift() as News;
  };
}

const urls = (news: News): unknown => (news === 'failed' ? news : news.map(({ url }) => url));

describe('DnsDiscovery', () => {
  it('finds addresses, and speaks to the port that is configured', async () => {
    server.know('shop.test', [
      { type: 'A', address: '10.0.0.1' },
      { type: 'A', address: '10.0.0.2' },
    ]);
    const next = follow({ name: 'shop.test', port: 4000 });
    expect(urls(await next())).toEqual(['http://10.0.0.1:4000', 'http://10.0.0.2:4000']);
  });

  it('finds addresses of IPv6', async () => {
    server.know('shop.test', [{ type: 'AAAA', address: 'fd00:0:0:0:0:0:0:1' }]);
    const next = follow({ name: 'shop.test', type: 'AAAA', port: 443, scheme: 'https' });
    expect(urls(await next())).toEqual(['https://[fd00::1]']);
  });

  it.each(['A', 'SRV'] as const)('looks for a short name (%s) where the system would', async (type) => {
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-discovery-'));
    writeFileSync(join(folder, 'resolv.conf'), 'search here.svc.test svc.test\noptions ndots:5\n');
    server.know('shop.svc.test', [
      { type: 'A', address: '10.0.0.1' },
      { type: 'SRV', priority: 1, weight: 1, port: 80, target: '10.0.0.1' },
    ]);
    const port = type === 'A' ? { port: 80 } : {};
    const next = follow({ name: 'shop', type, ...port }, { resolverFile: join(folder, 'resolv.conf') });
    expect(urls(await next())).toEqual(['http://10.0.0.1']);
    rmSync(folder, { recursive: true });
  });

  it('takes ports, weights and priorities from SRV; those of lower priority stand by', async () => {
    server.know('_http._tcp.shop.test', [
      { type: 'SRV', priority: 10, weight: 60, port: 8001, target: 'one.shop.test' },
      { type: 'SRV', priority: 10, weight: 0, port: 8002, target: 'two.shop.test' },
      { type: 'SRV', priority: 20, weight: 5000, port: 8003, target: 'spare.shop.test' },
    ]);
    const next = follow({ name: '_http._tcp.shop.test', type: 'SRV' });
    expect(await next()).toEqual(
      expect.arrayContaining([
        { url: 'http://one.shop.test:8001', weight: 60, backup: false },
        { url: 'http://two.shop.test:8002', weight: 1, backup: false },
        { url: 'http://spare.shop.test:8003', weight: 1000, backup: true },
      ]),
    );
  });

  it('looks again as soon as the answer may not be kept any longer', async () => {
    server.know('shop.test', [{ type: 'A', address: '10.0.0.1', ttl: 0 }]);
    const next = follow({ name: 'shop.test', port: 80, refresh: '1h' });
    expect(urls(await next())).toEqual(['http://10.0.0.1']);
    server.know('shop.test', [{ type: 'A', address: '10.0.0.9', ttl: 3600 }]);
    expect(urls(await next())).toEqual(['http://10.0.0.9']);
  });

  it.each(['no-such-name', 'failure'] as const)('says so on %s, and recovers', async (fault) => {
    server.know('shop.test', fault);
    const next = follow({ name: 'shop.test', port: 80, refresh: '1s' });
    expect(await next()).toBe('failed');
    server.know('shop.test', [{ type: 'A', address: '10.0.0.1' }]);
    expect(urls(await next())).toEqual(['http://10.0.0.1']);
  });
});
