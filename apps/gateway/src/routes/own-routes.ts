import { authenticationMethods } from '../configuration/schema/route.schema.js';
import type { GatewayConfiguration } from '../configuration/schema/gateway-configuration.schema.js';
import { openAccess } from './model/open-access.js';
import { ownPaths } from './model/own-paths.js';
import { parsePathPattern } from '../http/path-pattern.js';
import type { RouteModel } from './model/route.model.js';

/** Nobody without the role is told that there is something: who is not known at all gets 404. */
const operators = {
  ...openAccess,
  methods: [...authenticationMethods],
  roles: ['platform-admin'],
  withoutSecondFactor: false,
};

const idOf = (name: string): string => `gateway-${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** In logs and metrics another route of this name would be taken for it. */
export const ownRouteIds: ReadonlySet<string> = new Set(Object.keys(ownPaths).map(idOf));

/** The gateway's own addresses, as routes: so they have methods, limits and a log line like all others. */
export const ownRoutes = (configuration: GatewayConfiguration): RouteModel[] =>
  Object.entries(ownPaths)
    .filter(([name]) => name !== 'openapi' || configuration.openapi !== undefined)
    .map(([name, path]) => ({
      id: idOf(name),
      host: undefined,
      methods: path === ownPaths.actuator ? undefined : new Set(['GET'] as const),
      pattern: parsePathPattern(path === ownPaths.actuator ? `${path}/**` : path),
      headers: [],
      query: [],
      priority: 0,
      keepsEncodedSlashes: false,
      access: path === ownPaths.actuator ? operators : openAccess,
      rateLimits: [],
      cost: 1,
      maxBodyBytes: configuration.limits.bodyBytes,
      bodyRate: configuration.limits.bodyRate,
      maxStreams: configuration.protection.streamsPerRoute,
      requestTimeoutMs: configuration.limits.requestTimeout,
      requestHeaders: undefined,
      answerHeaders: undefined,
      cors: undefined,
      preflight: undefined,
      target: { kind: 'own', path, takesAllBelow: path === ownPaths.actuator },
    }));
