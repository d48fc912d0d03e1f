import type { GatewayConfiguration } from '../configuration/gateway-configuration.schema.js';
import { ownPaths } from './own-paths.js';
import { parsePathPattern } from './path-pattern.js';
import type { RouteModel } from './route.model.js';

const access = { authenticated: false, methods: [], roles: [], scopes: [] };

/** The gateway's own addresses, as routes: so they have methods, limits and a log line like all others. */
export const ownRoutes = (configuration: GatewayConfiguration): RouteModel[] =>
  Object.entries(ownPaths)
    .filter(([name]) => name !== 'openapi' || configuration.openapi !== undefined)
    .map(([name, path]) => ({
      id: `gateway-${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      host: undefined,
      methods: new Set(['GET'] as const),
      pattern: parsePathPattern(path),
      headers: [],
      query: [],
      priority: 0,
      keepsEncodedSlashes: false,
      access,
      rateLimits: [],
      maxBodyBytes: configuration.limits.bodyBytes,
      requestHeaders: undefined,
      answerHeaders: undefined,
      cors: undefined,
      preflight: undefined,
      target: { kind: 'own', path },
    }));
