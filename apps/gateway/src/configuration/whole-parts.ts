import type { Named } from './check-references.js';
import type { RouteConfig } from './route.schema.js';

interface Issue {
  readonly path?: readonly PropertyKey[] | undefined;
}

/** What of a configuration is right in itself, so that its references can be checked though other parts are wrong. */
export interface WholeParts extends Named {
  /** The place of each of `routes` in the configuration: those that are broken are left out. */
  readonly indexes: readonly number[];
}

/** Undefined when so much is wrong that nothing could be said about references. */
export function wholeParts(configuration: Named, issues: readonly Issue[]): WholeParts | undefined {
  if (!hasSections(configuration)) return undefined;
  const paths = issues.map(({ path = [] }) => path);
  const broken = (section: string) => new Set(paths.filter(([name]) => name === section).map(([, key]) => key));
  const brokenRoutes = broken('routes');
  const brokenLimits = broken('rateLimits');
  const indexes = configuration.routes.map((_, index) => index).filter((index) => !brokenRoutes.has(index));
  return {
    // By name only: a service that is not right is there all the same.
    services: configuration.services,
    rateLimits: configuration.rateLimits,
    addresses: {
      rateLimits: configuration.addresses.rateLimits.map((name) => (brokenLimits.has(name) ? '' : name)),
    },
    routes: indexes.map((index) => configuration.routes[index] as RouteConfig),
    indexes,
  };
}

/** Of a section that is no list or no mapping, every reference into it would seem to lead nowhere. */
function hasSections(configuration: unknown): boolean {
  if (!isMapping(configuration)) return false;
  const { services, rateLimits, addresses, routes } = configuration;
  return (
    isMapping(services) &&
    isMapping(rateLimits) &&
    isMapping(addresses) &&
    Array.isArray(addresses['rateLimits']) &&
    Array.isArray(routes)
  );
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
