import { Logger } from '@nestjs/common';

import { aConfiguration } from '../configuration/configuration.fixture.js';
import type { DnsDiscoveryConfig } from '../configuration/schema/discovery.schema.js';
import { Discoveries } from './discoveries.js';
import { type DiscoveryListener, InstanceDiscovery } from './instance-discovery.js';
import { NacosDiscovery } from './nacos-discovery.js';

class ScriptedDns extends InstanceDiscovery<DnsDiscoveryConfig> {
  readonly listeners = new Map<string, DiscoveryListener>();
  readonly ended: string[] = [];

  watch({ name }: DnsDiscoveryConfig, listener: DiscoveryListener): () => void {
    this.listeners.set(name, listener);
    return () => void this.ended.push(name);
  }
}

beforeAll(() => Logger.overrideLogger(false));

const instance = (url: string) => ({ url, weight: 1, backup: false });

function aDiscovery(known = {}) {
  const dns = new ScriptedDns();
  const discoveries = new Discoveries({ dns, nacos: new NacosDiscovery(undefined) }, known);
  const changes: number[] = [];
  discoveries.onChange(() => changes.push(changes.length));
  const say = (...urls: string[]): void => dns.listeners.get('shop.test')?.found(urls.map(instance));
  return { dns, discoveries, changes, say };
}

const shop = aConfiguration({ services: { shop: { discovery: { dns: { name: 'shop.test', port: 80 } } } } });
const urlsOf = (discoveries: Discoveries, configuration = shop): string[] | undefined =>
  discoveries.complete(configuration).services['shop']?.instances.map(({ url }) => url);

describe('Discoveries', () => {
  it('completes a configuration with what was found first', async () => {
    const { discoveries, say } = aDiscovery();
    const following = discoveries.follow(shop);
    say('http://10.0.0.2', 'http://10.0.0.1');
    await following;
    expect(urlsOf(discoveries)).toEqual(['http://10.0.0.1', 'http://10.0.0.2']);
    expect(urlsOf(discoveries, aConfiguration())).toBeUndefined();
  });

  it('tells only of what is another than before', async () => {
    const { discoveries, changes, say } = aDiscovery();
    void discoveries.follow(shop);
    say('http://10.0.0.2', 'http://10.0.0.1');
    say('http://10.0.0.1', 'http://10.0.0.2');
    expect(changes).toHaveLength(1);
    say('http://10.0.0.1');
    expect(changes).toHaveLength(2);
  });

  it('keeps the last known ones when nobody can be asked, and when there seem to be none', async () => {
    const { dns, discoveries, say } = aDiscovery();
    void discoveries.follow(shop);
    say('http://10.0.0.1');
    dns.listeners.get('shop.test')?.failed(new Error('SERVFAIL'));
    expect(discoveries.failures()).toEqual({ shop: 'SERVFAIL' });
    expect(urlsOf(discoveries)).toEqual(['http://10.0.0.1']);
    say();
    expect(discoveries.failures()).toEqual({ shop: 'no instance is registered' });
    expect(urlsOf(discoveries)).toEqual(['http://10.0.0.1']);
    say('http://10.0.0.1');
    expect(discoveries.failures()).toEqual({});
  });

  it('begins with what an earlier process found', async () => {
    const earlier = aDiscovery();
    void earlier.discoveries.follow(shop);
    earlier.say('http://10.0.0.7');
    const { dns, discoveries } = aDiscovery(earlier.discoveries.found());
    const following = discoveries.follow(shop);
    dns.listeners.get('shop.test')?.failed(new Error('SERVFAIL'));
    await following;
    expect(urlsOf(discoveries)).toEqual(['http://10.0.0.7']);
  });

  it('adds to what is written down, and never twice the same', async () => {
    const both = aConfiguration({
      services: {
        shop: { instances: [{ url: 'http://10.0.0.1:80' }], discovery: { dns: { name: 'shop.test', port: 80 } } },
      },
    });
    const { discoveries, say } = aDiscovery();
    void discoveries.follow(both);
    say('http://10.0.0.1', 'http://10.0.0.2');
    expect(urlsOf(discoveries, both)).toEqual(['http://10.0.0.1:80', 'http://10.0.0.2']);
  });

  it('stops looking for what no configuration names any more', async () => {
    const { dns, discoveries } = aDiscovery();
    void discoveries.follow(shop);
    discoveries.forgetOthers(shop);
    expect(dns.ended).toEqual([]);
    discoveries.forgetOthers(aConfiguration());
    expect(dns.ended).toEqual(['shop.test']);
  });
});
