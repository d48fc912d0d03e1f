import type { Named } from './check-references.js';
import type { RouteConfig } from '../schema/route.schema.js';

interface Issue {
  readonly path?: readonly PropertyKey[] | undefined;
}

/** What of a configuration is right in itself, so that its references can be checked though other parts are wrong. */
export interface WholeParts extends Named {
  /** What each route refers to, as far as that can be told: of those that are not right, too. */
  readonly references: readonly RouteReferences[];
  readonly brokenLimits: ReadonlySet<PropertyKey>;
}

export type RouteReferences = Pick<RouteConfig, 'service' | 'rateLimits' | 'cost'>;

/** Undefined when so much is wrong that nothing could be said about references. */
export function wholeParts(configuration: Named, issues: readonly Issue[]): WholeParts | undefined {
  if (!hasSections(configuration)) return undefined;
  const paths = issues.map(({ path = [] }) => path);
  const broken = (section: string): ReadonlySet<PropertyKey> =>
    new Set(paths.filter(([name]) => name === section).map(([, key = '']) => key));
  const brokenRoutes = broken('routes');
  // Those that are left out leave holes, which `forEach` steps over, so that the others keep their places.
  const routes: RouteConfig[] = [];
  configuration.routes.forEach((route, index) => {
    if (!brokenRoutes.has(index)) routes[index] = route;
  });
  const { services, rateLimits, addresses } = configuration;
  return {
    services,
    rateLimits,
    addresses,
    routes,
    references: configuration.routes.map(referencesOf),
    brokenLimits: broken('rateLimits'),
  };
}

function referencesOf(route: unknown): RouteReferences {
  const { service, rateLimits, cost } = isMapping(route) ? route : {};
  return {
    service: typeof service === 'string' ? service : undefined,
    rateLimits: Array.isArray(rateLimits) ? rateLimits.map(String) : [],
    cost: typeof cost === 'number' ? cost : 1,
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
