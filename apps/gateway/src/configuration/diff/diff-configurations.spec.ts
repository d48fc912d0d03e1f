import fc from 'fast-check';

import { asWritten } from '../document/as-written.js';
import { gatewayConfiguration } from '../check/gateway-configuration.js';
import type { GatewayConfigurationInput } from '../schema/gateway-configuration.schema.js';
import { applyChanges, diffConfigurations } from './diff-configurations.js';
import { keyed } from './keyed.js';
import { printChanges } from './print-changes.js';

const written = (input: GatewayConfigurationInput): unknown => asWritten(gatewayConfiguration.parse(input));

const name = fc.stringMatching(/^[a-c]$/);
const duration = fc.constantFrom('250ms', '2s', '90s', '1m', '36h', '24d');
const instance = fc.record({
  url: fc.constantFrom('http://a:1', 'http://b:2', 'https://c'),
  weight: fc.nat(9).map((n) => n + 1),
});
const service = fc.record({
  instances: fc.uniqueArray(instance, { minLength: 1, selector: ({ url }) => url }),
  timeouts: fc.record({ connect: duration }, { requiredKeys: [] }),
  listed: fc.boolean(),
});
const limit = fc.record({
  key: fc.constantFrom('address', 'user', 'route'),
  quota: fc.nat(99).map((n) => n + 1),
  window: fc.constantFrom('1s', '60s', '90m'),
});

/** Configurations that use most kinds of value: lists by name, lists as they are, durations, sizes, options. */
const configuration = fc
  .record({
    services: fc.dictionary(name, service, { minKeys: 1 }),
    rateLimits: fc.dictionary(name, limit),
    trustedProxies: fc.subarray(['10.0.0.0/8', '::1', '127.0.0.1']),
    limits: fc.record({
      bodyBytes: fc.constantFrom('1MiB', '1536KiB', '7B'),
      headerCount: fc.integer({ min: 10, max: 99 }),
    }),
    routes: fc.uniqueArray(fc.record({ id: name, timeouts: fc.record({ idle: duration }, { requiredKeys: [] }) }), {
      selector: ({ id }) => id,
    }),
  })
  .map(({ routes, ...rest }) => ({
    ...rest,
    routes: routes.map((route) => ({
      ...route,
      path: `/${route.id}`,
      service: Object.keys(rest.services)[0] ?? '',
      rateLimits: Object.keys(rest.rateLimits),
    })),
  })) as fc.Arbitrary<GatewayConfigurationInput>;

describe('diffConfigurations', () => {
  it('gives what makes the one of the other, for any two', () => {
    fc.assert(
      fc.property(configuration, configuration, (a, b) => {
        const [before, after] = [written(a), written(b)];
        const result = applyChanges(before, diffConfigurations(before, after));
        expect(keyed(result)).toEqual(keyed(after));
      }),
    );
  });

  it('finds nothing between a configuration and itself, in whatever order its routes are', () => {
    fc.assert(
      fc.property(configuration, (a) => {
        const reversed = { ...a, routes: (a.routes ?? []).toReversed() };
        expect(diffConfigurations(written(a), written(reversed))).toEqual([]);
      }),
    );
  });

  it('tells about the least that has changed, and about a new route in one piece', () => {
    const before = { services: { s: { instances: [{ url: 'http://a:1' }] } }, routes: [route('r'), route('gone')] };
    const after = {
      services: { s: { instances: [{ url: 'http://a:1', weight: 5 }, { url: 'http://b:2' }], retries: 0 } },
      routes: [route('new'), { ...route('r'), bodyBytes: '1KiB' }],
    };
    const lines = printChanges(diffConfigurations(written(before), written(after)));
    expect(lines.map((line) => line.split(': ')[0])).toEqual([
      '~ services.s.instances[http://a:1].weight',
      '+ services.s.instances[http://b:2]',
      '~ services.s.retries',
      '+ routes.r.bodyBytes',
      '- routes.gone',
      '+ routes.new',
    ]);
    expect(lines[0]).toBe('~ services.s.instances[http://a:1].weight: 1 -> 5');
    expect(lines[3]).toBe('+ routes.r.bodyBytes: 1KiB');
  });
});

describe('asWritten', () => {
  it('means the same when it is read again', () => {
    fc.assert(
      fc.property(configuration, (input) => {
        const parsed = gatewayConfiguration.parse(input);
        expect(gatewayConfiguration.parse(asWritten(parsed))).toEqual(parsed);
      }),
    );
  });

  it('writes amounts in the largest unit that fits', () => {
    const text = written({ limits: { bodyBytes: '2048KiB', requestTimeout: '90000ms', headersTimeout: '3600s' } });
    expect(text).toMatchObject({ limits: { bodyBytes: '2MiB', requestTimeout: '90s', headersTimeout: '1h' } });
  });
});

function route(id: string) {
  return { id, path: `/${id}`, service: 's' };
}
