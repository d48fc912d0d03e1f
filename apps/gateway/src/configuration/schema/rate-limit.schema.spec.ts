import { ConfigError, parseYaml } from '@libs/config';

import { gatewayConfiguration } from '../check/gateway-configuration.js';

const configured = (limit: string, route = '{ id: a, path: /a, service: s, rateLimits: [l] }') =>
  `services: { s: { instances: [{ url: http://127.0.0.1:1 }] } }\nrateLimits: { l: ${limit} }\nroutes: [${route}]`;

const read = (text: string) => parseYaml(text, gatewayConfiguration, { source: 'test.yaml', env: {} });

function mistakesOf(text: string): string[] {
  try {
    read(text);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes.map(({ line, path }) => `${line} ${path}`);
    throw error;
  }
}

describe('a rate limit in the configuration', () => {
  it('counts by one thing or by a combination', () => {
    expect(read(configured('{ key: user, quota: 1 }')).rateLimits['l']?.key).toEqual(['user']);
    expect(read(configured('{ key: [address, route], quota: 1 }')).rateLimits['l']?.key).toEqual(['address', 'route']);
  });

  it.each([
    { what: 'a key that there is not', limit: '{ key: shoe, quota: 1 }', at: '2 rateLimits.l.key' },
    {
      what: 'a burst of a window',
      limit: '{ key: user, algorithm: fixed-window, quota: 1, burst: 2 }',
      at: '2 rateLimits.l.burst',
    },
    {
      what: 'a delay of what does not leak',
      limit: '{ key: user, quota: 1, maxDelay: 1s }',
      at: '2 rateLimits.l.maxDelay',
    },
    { what: 'a window of no length', limit: '{ key: user, quota: 1, window: 0s }', at: '2 rateLimits.l.window' },
  ])('refuses $what', ({ limit, at }) => {
    expect(mistakesOf(configured(limit))).toEqual([at]);
  });

  it.each([
    { what: 'the quota', limit: '{ key: user, algorithm: fixed-window, quota: 4 }' },
    { what: 'the burst', limit: '{ key: user, quota: 100, burst: 4 }' },
    {
      what: 'what a bucket that delays has at once',
      limit: '{ key: user, algorithm: leaky-bucket, quota: 100, maxDelay: 9s }',
    },
  ])('refuses a route that costs more than $what', ({ limit }) => {
    const route = '{ id: a, path: /a, service: s, rateLimits: [l], cost: 5 }';
    expect(mistakesOf(configured(limit, route))).toEqual(['3 routes.0.rateLimits.0']);
  });

  it('takes for all addresses what counts by address, alone or with the route', () => {
    const with_ = (key: string) => `${configured(`{ key: ${key}, quota: 1 }`)}\naddresses: { rateLimits: [l] }`;
    expect(mistakesOf(with_('address'))).toEqual([]);
    expect(mistakesOf(with_('[address, route]'))).toEqual([]);
    expect(mistakesOf(with_('[address, user]'))).toEqual(['4 addresses.rateLimits.0']);
    expect(mistakesOf(with_('route'))).toEqual(['4 addresses.rateLimits.0']);
  });
});
