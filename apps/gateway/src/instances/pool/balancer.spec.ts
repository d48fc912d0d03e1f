import { Balancer } from './balancer.js';
import type { Instance } from '../instance.js';
import { aCall, aServiceConfig, type Listed } from './instance-pool.fixture.js';
import { compileService, type Service } from './service.js';

const balancer = new Balancer();

const aService = (...listed: readonly Listed[]): Service =>
  compileService('s', aServiceConfig(listed, { balance: 'round-robin' }));

const pick = (service: Service, now: number, tried: readonly Instance[] = []): Instance =>
  balancer.pick(service, aCall(), tried, now);

const fail = (instance: Instance, now: number): void => {
  balancer.report(instance, 'unreachable', 0, now);
  balancer.release(instance);
};

describe('Balancer', () => {
  it('does not give a request to an instance that failed it already', () => {
    const service = aService({}, {});
    const first = pick(service, 0);
    expect(pick(service, 0, [first])).not.toBe(first);
  });

  it('counts a request as unfinished from its pick to its release', () => {
    const service = aService({});
    const { state } = pick(service, 0);
    const again = pick(service, 0);
    expect(state).toMatchObject({ inFlight: 2, unanswered: 2 });
    balancer.report(again, 'answered', 1, 1);
    expect(state).toMatchObject({ inFlight: 2, unanswered: 1 });
    balancer.release(again);
    expect(state).toMatchObject({ inFlight: 1, unanswered: 1 });
  });

  it('refuses when no instance is left, and says when to come again', () => {
    const service = aService({});
    fail(pick(service, 0), 0);
    expect(balancer.isAvailable(service, 1)).toBe(false);
    expect(() => pick(service, 1)).toThrow(
      expect.objectContaining({ code: 'UPSTREAM_UNAVAILABLE', headers: { 'retry-after': '1' } }),
    );
    expect(balancer.isAvailable(service, 1_000)).toBe(true);
  });

  it('refuses when there are no instances at all', () => {
    const service = compileService('s', { ...aServiceConfig([{}]), instances: [] });
    expect(() => pick(service, 0)).toThrow(expect.objectContaining({ code: 'UPSTREAM_UNAVAILABLE' }));
  });
});
