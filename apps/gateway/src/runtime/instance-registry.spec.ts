import { aConfiguration } from '../configuration/configuration.fixture.js';
import { compileSnapshot } from './snapshot.js';
import { Snapshots } from './snapshots.js';
import { Balancer } from '../instances/pool/balancer.js';
import type { Instance } from '../instances/instance.js';
import { InstanceRegistry } from './instance-registry.js';
import { aCall } from '../instances/pool/instance-pool.fixture.js';

const balancer = new Balancer();

class Started {
  readonly snapshots: Snapshots;
  readonly registry: InstanceRegistry;

  constructor(...urls: string[]) {
    this.snapshots = new Snapshots(compileSnapshot(this.listing(urls)));
    this.registry = new InstanceRegistry(this.snapshots);
  }

  swap(urls: string[], service: object = {}): void {
    this.snapshots.swap(compileSnapshot(this.listing(urls, service), this.snapshots.current));
  }

  get(url: string): Instance {
    const instance = this.registry.find('s', url);
    if (instance === undefined) throw new RangeError(url);
    return instance;
  }

  listing(urls: string[], service: object = {}) {
    return aConfiguration({
      services: urls.length === 0 ? {} : { s: { ...service, instances: urls.map((url) => ({ url })) } },
    });
  }
}

describe('InstanceRegistry', () => {
  it('keeps an instance that stays, with all that is known about it, and marks the one that goes', () => {
    const started = new Started('http://a', 'http://b');
    const [a, b] = [started.get('http://a'), started.get('http://b')];
    a.state.consecutiveFailures = 3;
    started.swap(['http://c', 'http://a'], { balance: 'weighted', retries: 3 });
    expect(started.get('http://a')).toBe(a);
    expect(a.state.consecutiveFailures).toBe(3);
    expect(a.pool.config.retries).toBe(3);
    expect([a.isGone, b.isGone]).toEqual([false, true]);
    expect(started.registry.find('s', 'http://b')).toBeUndefined();
  });

  it('marks all instances of a service that goes, and lets its last requests finish', () => {
    const started = new Started('http://a');
    const service = started.snapshots.current.services.get('s');
    if (service === undefined) throw new Error('no service');
    started.swap([]);
    expect(service.pool.members.map(({ isGone }) => isGone)).toEqual([true]);
    const instance = balancer.pick(service, aCall());
    balancer.report(instance, 'answered', 1);
    balancer.release(instance);
    expect(instance.state.inFlight).toBe(0);
  });

  it('begins anew with one that comes back', () => {
    const started = new Started('http://a', 'http://b');
    const a = started.get('http://a');
    started.swap(['http://b']);
    started.swap(['http://a', 'http://b']);
    expect(started.get('http://a')).not.toBe(a);
  });

  it('changes nothing for a snapshot that never comes into force', () => {
    const started = new Started('http://a', 'http://b');
    compileSnapshot(started.listing(['http://c']), started.snapshots.current);
    expect(started.registry.all().map(({ model }) => model.origin)).toContain('http://a');
    expect(started.registry.all().filter(({ isGone }) => isGone)).toEqual([]);
  });

  it('finishes a request on the policy that is in force by then', () => {
    const started = new Started('http://a', 'http://b');
    const service = started.snapshots.current.services.get('s');
    if (service === undefined) throw new Error('no service');
    for (const balance of ['least-connections', 'consistent-hash', 'weighted', 'p2c', 'least-connections']) {
      const instance = balancer.pick(service, aCall());
      started.swap(['http://a', 'http://b', `http://${balance}`], { balance });
      balancer.report(instance, 'answered', 1);
      balancer.release(instance);
      expect(instance.state.inFlight).toBe(0);
    }
  });

  it('takes over what the operator says, and keeps it when the configuration changes', () => {
    const started = new Started('http://a', 'http://b');
    const a = started.get('http://a');
    started.registry.override(a, { isDrained: true, weight: 7 });
    started.swap(['http://a', 'http://b', 'http://c'], { balance: 'round-robin' });
    const service = started.snapshots.current.services.get('s');
    if (service === undefined) throw new Error('no service');
    for (let request = 0; request < 20; request++) expect(balancer.pick(service, aCall())).not.toBe(a);
    expect(a.weight).toBe(7);
    started.registry.override(a, { isDrained: false, weight: null });
    expect(Array.from({ length: 20 }, () => balancer.pick(service, aCall()))).toContain(a);
    expect(a.weight).toBe(1);
  });
});
