import { aConfiguration } from '../configuration/configuration.fixture.js';
import { Balancer } from './balancer.js';
import { compileService, type Service } from './service.js';

const balancer = new Balancer();

function aService(...urls: string[]): Service {
  const { services } = aConfiguration({ services: { s: { instances: urls.map((url) => ({ url })) } } });
  return compileService('s', services['s'] as never);
}

const pick = (service: Service, now: number, tried: Parameters<Balancer['pick']>[1] = []): string =>
  balancer.pick(service, tried, now).model.origin;

describe('Balancer', () => {
  it('leaves an instance alone for a second after it could not be reached', () => {
    const service = aService('http://a', 'http://b');
    const [a] = service.instances;
    balancer.markUnreachable(a as never, 0);
    expect([pick(service, 1), pick(service, 999)]).toEqual(['http://b', 'http://b']);
    expect([pick(service, 1_000), pick(service, 1_000)].sort()).toEqual(['http://a', 'http://b']);
  });

  it('does not give a request to an instance that failed it already', () => {
    const service = aService('http://a', 'http://b');
    expect(pick(service, 0, service.instances.slice(0, 1))).toBe('http://b');
  });

  it('refuses when no instance is left, and says when to come again', () => {
    const service = aService('http://a');
    balancer.markUnreachable(service.instances[0] as never, 0);
    expect(balancer.isAvailable(service, 1)).toBe(false);
    expect(() => pick(service, 1)).toThrow(
      expect.objectContaining({ code: 'UPSTREAM_UNAVAILABLE', headers: { 'retry-after': '1' } }),
    );
  });
});
