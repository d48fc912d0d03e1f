import { CorsPolicy } from './model/cors-policy.js';
import { compileRedirect } from './model/redirect.js';
import type { Service } from '../instances/pool/service.js';
import type { GatewayConfiguration } from '../configuration/schema/gateway-configuration.schema.js';
import type { RouteConfig } from '../configuration/schema/route.schema.js';
import { compileRouteLimits } from '../limits/route-limit.js';
import { HeaderChanges } from './model/header-changes.js';
import { ownRoutes } from './own-routes.js';
import { openAccess } from './model/open-access.js';
import { parsePathPattern, type PathPattern } from '../http/path-pattern.js';
import { compileRewrite, type Rewrite } from '../http/rewrite-path.js';
import { compileClaim } from './model/route-claim.js';
import { RouteTable } from './table/route-table.js';
import type { RouteModel } from './model/route.model.js';
import { withoutPrefix } from '../http/strip-prefix.js';

/** Takes a configuration whose references were checked: a name that leads nowhere is a bug here. */
export function compileRoutes(configuration: GatewayConfiguration, services: ReadonlyMap<string, Service>): RouteTable {
  const compile = (route: RouteConfig): RouteModel => {
    const claim = compileClaim(route);
    const target = targetOf(route, claim.pattern, services);
    return withPreflight({
      ...claim,
      keepsEncodedSlashes: route.encodedSlashes === 'keep',
      access: route.access,
      rateLimits: compileRouteLimits(configuration, route),
      cost: route.cost,
      maxBodyBytes: route.bodyBytes ?? configuration.limits.bodyBytes,
      bodyRate: route.bodyRate ?? configuration.limits.bodyRate,
      maxStreams: route.streams ?? configuration.protection.streamsPerRoute,
      requestTimeoutMs: requestTimeoutOf(target, configuration.limits.requestTimeout),
      requestHeaders: HeaderChanges.from(route.requestHeaders),
      answerHeaders: HeaderChanges.from(route.answerHeaders),
      cors: route.cors === undefined ? undefined : new CorsPolicy(route.cors, route.methods),
      preflight: undefined,
      target,
    });
  };
  return new RouteTable([...configuration.routes.map(compile), ...ownRoutes(configuration)]);
}

function targetOf(
  route: RouteConfig,
  pattern: PathPattern,
  services: ReadonlyMap<string, Service>,
): RouteModel['target'] {
  if (route.redirect !== undefined) return { kind: 'redirect', redirect: compileRedirect(route.redirect, pattern) };
  if (route.answer !== undefined) return { kind: 'answer', answer: route.answer };
  const service = known(services.get(route.service ?? ''), `the service of ${route.id}`);
  return {
    kind: 'service',
    service,
    rewrite: rewriteOf(route, pattern),
    headersTimeoutMs: route.timeouts.headers ?? service.config.timeouts.headers,
    idleTimeoutMs: route.timeouts.idle ?? service.config.timeouts.idle,
    totalTimeoutMs: route.timeouts.total ?? service.config.timeouts.total,
  };
}

/** Who lets a request take longer than all others lets its body come that long. */
const requestTimeoutOf = (target: RouteModel['target'], forAll: number): number =>
  target.kind === 'service' ? Math.max(forAll, target.totalTimeoutMs ?? 0) : forAll;

/** Browsers send preflights without credentials, so nobody is asked for any; what holds for addresses holds. */
function withPreflight(route: RouteModel): RouteModel {
  if (route.cors === undefined) return route;
  const target = { kind: 'preflight', cors: route.cors } as const;
  return { ...route, preflight: { ...route, access: openAccess, rateLimits: [], cors: undefined, target } };
}

function rewriteOf({ path, rewrite, stripPrefix }: RouteConfig, from: PathPattern): Rewrite | undefined {
  const to = rewrite ?? (stripPrefix === undefined ? undefined : withoutPrefix(path, stripPrefix));
  return to === undefined ? undefined : compileRewrite(from, parsePathPattern(to));
}

function known<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`${name} is not configured`);
  return value;
}
