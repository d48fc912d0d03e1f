import { z } from 'zod';

import { gatewayConfiguration } from '../check/gateway-configuration.js';

interface Quantity {
  readonly path: string;
  readonly unit: 'ms' | 'bytes' | 'count';
  readonly description: string;
  takes(value: unknown): boolean;
}

/** What zod knows about one schema, as far as it is looked at here. */
interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly out?: z.ZodType;
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly options?: readonly z.ZodType[];
}

/** Every duration, size and count that a configuration may have. */
function quantitiesIn(schema: z.ZodType, path: string, told: string): Quantity[] {
  const definition = schema.def as unknown as Definition;
  const description = told || (schema.description ?? '');
  const unit = z.globalRegistry.get(schema)?.unit;
  const takes = (value: unknown): boolean => schema.safeParse(value).success;
  if (definition.type === 'number') return [{ path, unit: 'count', description, takes }];
  if (definition.type === 'pipe' && unit !== undefined) return [{ path, unit, description, takes }];
  const below = (next: z.ZodType | undefined, at = path, about = description): Quantity[] =>
    next === undefined ? [] : quantitiesIn(next, at, about);
  if (definition.shape !== undefined) {
    return Object.entries(definition.shape).flatMap(([key, next]) =>
      below(next, path === '' ? key : `${path}.${key}`, ''),
    );
  }
  return [
    ...below(definition.innerType),
    ...below(definition.in),
    ...below(definition.out),
    ...below(definition.element, `${path}.*`, ''),
    ...below(definition.valueType, `${path}.*`, ''),
    ...(definition.options ?? []).flatMap((option) => below(option)),
  ];
}

const quantities = quantitiesIn(gatewayConfiguration, '', '');
const nothing = { ms: ['0s', '0ms', '0d'], bytes: ['0B', '0GiB'], count: [0] };
const saysWhatNothingMeans = /\b0(?:s|B)?: \w/;

/** Zero is a number like any other. */
const notAmounts = new Set(['routes.*.priority']);

/** Counted, and not waited for. */
const periods = new Set(['rateLimits.*.window']);

describe('the quantities of a configuration', () => {
  it('are found', () => {
    const paths = quantities.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining([
        'limits.requestTimeout',
        'limits.bodyBytes',
        'limits.headerCount',
        'services.*.timeouts.total',
        'services.*.health.check.interval',
        'services.*.discovery.dns.refresh',
        'rateLimits.*.window',
        'routes.*.bodyBytes',
        'authentication.jwt.issuers.*.clockTolerance',
      ]),
    );
    expect(paths.length).toBeGreaterThan(60);
  });

  it.each(quantities.filter(({ path }) => !notAmounts.has(path)))(
    'have one meaning for nothing, or none: $path',
    ({ unit, description, takes }) => {
      const taken = nothing[unit].filter(takes);
      expect(taken).toEqual(saysWhatNothingMeans.test(description) ? nothing[unit] : []);
    },
  );

  it.each(quantities.filter(({ unit }) => unit === 'ms'))(
    'are not longer than a timer can count: $path',
    (quantity) => {
      expect(quantity.takes('24d') || quantity.takes('366d')).toBe(true);
      expect(quantity.takes('25d')).toBe(periods.has(quantity.path));
      expect(quantity.takes('99999999999999999999d')).toBe(false);
    },
  );

  it.each(quantities.filter(({ unit }) => unit === 'bytes'))('are not more than can be counted: $path', ({ takes }) => {
    expect(takes('1GiB')).toBe(true);
    expect(takes('9007199254740993B')).toBe(false);
  });
});
