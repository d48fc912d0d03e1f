import type { Service } from '../balance/service.js';
import type { GatewayConfiguration } from '../configuration/gateway-configuration.schema.js';
import type { RouteConfig } from '../configuration/route.schema.js';
import { ownRoutes } from './own-routes.js';
import { parsePathPattern } from './path-pattern.js';
import { RouteTable } from './route-table.js';
import type { NamedRateLimit, RouteModel, ServiceTarget } from './route.model.js';

/** Takes a configuration whose references were checked: a name that leads nowhere is a bug here. */
export function compileRoutes(configuration: GatewayConfiguration, services: ReadonlyMap<string, Service>): RouteTable {
  const compile = (route: RouteConfig): RouteModel => ({
    id: route.id,
    host: route.host,
    methods: route.methods === undefined ? undefined : new Set(route.methods),
    pattern: parsePathPattern(route.path),
    access: route.access,
    rateLimits: namedRateLimits(configuration, route.rateLimits),
    maxBodyBytes: route.bodyBytes ?? configuration.limits.bodyBytes,
    target: targetOf(route, known(services.get(route.service), route.service)),
  });
  return new RouteTable([...configuration.routes.map(compile), ...ownRoutes(configuration)]);
}

/** The limits of these names, each with its name. */
export const namedRateLimits = (
  { rateLimits }: GatewayConfiguration,
  names: readonly string[],
): readonly NamedRateLimit[] => names.map((name) => ({ name, ...known(rateLimits[name], name) }));

const targetOf = (route: RouteConfig, service: Service): ServiceTarget => ({
  kind: 'service',
  service,
  rewrite: route.rewrite === undefined ? undefined : parsePathPattern(route.rewrite),
  headersTimeoutMs: route.timeouts.headers ?? service.config.timeouts.headers,
  idleTimeoutMs: route.timeouts.idle ?? service.config.timeouts.idle,
});

function known<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`${name} is not configured`);
  return value;
}
