import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import { freePort } from '@libs/testing';

import { audience, issuer, type Tokens } from '../client/tokens.js';
import type { Surroundings } from './surroundings.js';
import type { Started } from './workshop.js';

/** How much of everything the gateway has to deal with. */
export interface Scale {
  readonly routes: number;
  readonly instances: number;
}

export interface StartedGateway extends Started {
  readonly managementUrl: string;
}

/** The compiled gateway that is measured: the one beside this file unless told otherwise. */
export const ownDist = join(import.meta.dirname, '../..');

/** Nothing but one route to one instance. Trace headers, sealed headers and metrics are always there; the log is off. */
export const startBareGateway = (around: Surroundings, dist = ownDist): Promise<StartedGateway> =>
  start(around, dist, 'warn', {
    services: { upstream: { instances: [{ url: around.instanceUrl(0) }] } },
    routes: [{ id: 'all', path: '/**', service: 'upstream', access: { authenticated: false } }],
  });

/** The same, for a client at one address that stands for thousands, with log and checks as in production. */
export const startFloodedGateway = (around: Surroundings, dist = ownDist): Promise<StartedGateway> =>
  start(around, dist, 'info', {
    protection: { connections: 100_000, connectionsPerAddress: 100_000 },
    services: {
      upstream: {
        instances: [{ url: around.instanceUrl(0) }],
        clientShare: 100,
        health: { check: { path: '/health', interval: '1s', timeout: '1s' } },
      },
    },
    routes: [{ id: 'all', path: '/**', service: 'upstream', access: { authenticated: false } }],
  });

/** JWT RS256, live session and active account, two limits in Redis, sealed headers, log, metrics and trace headers. */
export const startFullGateway = (around: Surroundings, scale: Scale, dist = ownDist): Promise<StartedGateway> =>
  start(around, dist, 'info', {
    authentication: {
      jwt: { issuers: [{ issuer, audience, publicKeyFile: './issuer.pem' }] },
      sessions: { resolver: 'grpc' },
    },
    accounts: { resolver: 'grpc' },
    rateLimits: {
      'by-address': { key: 'address', algorithm: 'token-bucket', quota: plenty, window: '60s' },
      'by-user': { key: 'user', algorithm: 'sliding-window', quota: plenty, window: '60s' },
    },
    services: {
      upstream: {
        balance: 'round-robin',
        instances: Array.from({ length: scale.instances }, (_, index) => ({ url: around.instanceUrl(index) })),
      },
    },
    routes: Array.from({ length: scale.routes }, (_, index) => ({
      id: `route-${index}`,
      path: routePattern(index),
      service: 'upstream',
      access: { roles: ['user'] },
      rateLimits: ['by-address', 'by-user'],
    })),
  });

/** Never refused: a refusal costs less than an answer. */
const plenty = 1_000_000_000;

/** A third of the routes each: exact, with parameters, and with all that follows. */
function routePattern(index: number): string {
  const place = `/api/v1/things-${index}`;
  return [place, `${place}/{id}/parts/{part}`, `${place}/**`][index % 3] as string;
}

/** A path that leads to the route of this number. */
export const routePath = (index: number): string =>
  routePattern(index).replace('{id}', '0198c1a2').replace('{part}', 'seven').replace('**', 'a/b');

/** The token of a user, where the gateway looks for it. */
export const authorizationOf = (tokens: Tokens, user: number): Record<string, string> => ({
  authorization: `Bearer ${tokens.of(user)}`,
});

/** As many bytes, where nobody looks: the load is the same for those who would refuse a token, or pass it on. */
export const sameBytesUnread = (tokens: Tokens, user: number): Record<string, string> => ({
  'x-undefined-1': `Bearer ${tokens.of(user)}`,
});

async function start(
  around: Surroundings,
  dist: string,
  logLevel: string,
  configuration: object,
): Promise<StartedGateway> {
  const managementPort = await freePort();
  const started = await around.workshop.start('gateway', ({ port, folder, write }) => {
    write('issuer.pem', around.tokens.publicKeyPem);
    const listen = { listen: { host: '127.0.0.1', port }, management: { host: '127.0.0.1', port: managementPort } };
    const file = write('gateway.yaml', JSON.stringify({ ...listen, ...configuration }));
    return {
      program: process.execPath,
      args: [join(dist, 'apps/gateway/src/main.js'), '--config', file],
      env: {
        NODE_ENV: 'production',
        LOG_LEVEL: logLevel,
        REDIS_URL: around.redisUrl,
        SEAL_KEY: randomBytes(32).toString('base64url'),
        DATA_DIR: folder,
        AUTH_SERVICE_GRPC: around.directoryAddress,
        TENANT_SERVICE_GRPC: around.directoryAddress,
      },
    };
  });
  return { ...started, managementUrl: `http://127.0.0.1:${managementPort}` };
}
