import type { GatewayConfiguration } from '../schema/gateway-configuration.schema.js';
import type { RouteConfig } from '../schema/route.schema.js';
import type { RateLimitConfig } from '../schema/rate-limit.schema.js';
import type { ServiceConfig } from '../schema/service.schema.js';
import type { Reviewed } from './reviewed.js';

/** Options that do nothing where something else is so. */
interface Vain<Part> {
  readonly options: readonly string[];
  readonly where: (part: Part) => boolean;
  readonly because: string;
}

const ofAll: readonly Vain<GatewayConfiguration>[] = [
  {
    options: ['listen.http2.streams', 'listen.http2.resets', 'listen.http2.controlFrames'],
    where: ({ listen }) => !listen.http2.enabled,
    because: 'does nothing: HTTP/2 is not enabled',
  },
  {
    options: ['protection.adaptive.delay', 'protection.adaptive.floor'],
    where: ({ protection }) => !protection.adaptive.enabled,
    because: 'does nothing: adaptive is not enabled',
  },
];

const ofLimits: readonly Vain<RateLimitConfig>[] = [
  {
    options: ['window'],
    where: ({ algorithm }) => algorithm === 'concurrency',
    because: 'does nothing for concurrency, which counts requests at once; see lease',
  },
  { options: ['lease'], where: ({ algorithm }) => algorithm !== 'concurrency', because: 'is for concurrency' },
  {
    options: ['onFailure'],
    where: ({ shadow, onFailure }) => shadow && onFailure === 'closed',
    because: 'refuses what cannot be counted, and a shadow refuses nobody',
  },
];

const ofServices: readonly Vain<ServiceConfig>[] = [
  {
    options: ['hash.on', 'hash.name', 'hash.maxLoad'],
    where: ({ balance }) => balance !== 'consistent-hash',
    because: 'is for consistent-hash',
  },
  {
    options: ['hash.name'],
    where: ({ balance, hash }) => balance === 'consistent-hash' && hash.on !== 'header' && hash.on !== 'cookie',
    because: 'is the name of a header or a cookie, and `on` is neither',
  },
  { options: ['ewma.decay', 'ewma.exploration'], where: ({ balance }) => balance !== 'ewma', because: 'is for ewma' },
  {
    options: ['slowStart'],
    where: ({ balance }) => balance === 'consistent-hash',
    because: 'does nothing for consistent-hash',
  },
  {
    options: ['health.check.path', 'health.check.statuses'],
    where: ({ health }) => health.check?.type !== 'http',
    because: 'is for checks of the type http',
  },
  {
    options: ['health.check.grpcService'],
    where: ({ health }) => health.check?.type !== 'grpc',
    because: 'is for checks of the type grpc',
  },
  {
    options: ['health.outliers.minRequests', 'health.outliers.window'],
    where: ({ health }) => health.outliers.errorShare === 0,
    because: 'is about errorShare, which is 0',
  },
  {
    options: ['health.outliers.stalledAfter'],
    where: ({ health }) => health.outliers.consecutiveFailures === 0,
    because: 'is about consecutiveFailures, which is 0',
  },
  {
    options: ['retryBudget', 'retryBackoff'],
    where: ({ retries }) => retries === 0,
    because: 'is for further attempts, and retries is 0',
  },
  {
    options: ['breaker.minRequests', 'breaker.window'],
    where: ({ breaker }) => breaker.errorShare === 0,
    because: 'is about errorShare, which is 0',
  },
  {
    options: ['breaker.openFor'],
    where: ({ breaker }) => breaker.errorShare === 0 && breaker.consecutiveFailures === 0,
    because: 'does nothing: the breaker never opens',
  },
  {
    options: ['tls.caFile', 'tls.certFile', 'tls.keyFile'],
    where: ({ discovery, instances, tls }) =>
      (tls?.caFile !== undefined || tls?.certFile !== undefined) &&
      instances.every(({ url }) => url.startsWith('http:')) &&
      (discovery?.dns ?? discovery?.nacos)?.scheme !== 'https',
    because: 'does nothing: every instance is at http',
  },
];

const ofInstances: readonly Vain<{ readonly service: ServiceConfig }>[] = [
  {
    options: ['weight'],
    where: ({ service }) => service.balance === 'round-robin',
    because: 'does nothing: to round-robin all are equal',
  },
  {
    options: ['backup'],
    where: ({ service }) => service.discovery === undefined && service.instances.every(({ backup }) => backup),
    because: 'stands in for others, and there are none',
  },
];

const ofRoutes: readonly Vain<RouteConfig>[] = [
  {
    options: ['timeouts.headers', 'timeouts.idle', 'timeouts.total', 'streams', 'bodyRate'],
    where: ({ service }) => service === undefined,
    because: 'does nothing on a route without a service',
  },
  {
    options: ['answer.contentType'],
    where: ({ answer }) => answer?.body === '',
    because: 'is the type of a body, and there is none',
  },
];

/** Finds what was written and does nothing, because of something else that was written. */
export function reviewVain(review: Reviewed): void {
  const { configuration } = review;
  warn(review, [], configuration, ofAll);
  for (const [name, limit] of Object.entries(configuration.rateLimits)) {
    warn(review, ['rateLimits', name], limit, ofLimits);
  }
  for (const [name, service] of Object.entries(configuration.services)) {
    warn(review, ['services', name], service, ofServices);
    service.instances.forEach((_, index) => {
      warn(review, ['services', name, 'instances', index], { service }, ofInstances);
    });
  }
  configuration.routes.forEach((route, index) => warn(review, ['routes', index], route, ofRoutes));
}

function warn<Part>(
  { isWritten, warning }: Reviewed,
  at: readonly (string | number)[],
  part: Part,
  table: readonly Vain<Part>[],
): void {
  for (const { options, where, because } of table) {
    if (!where(part)) continue;
    for (const option of options) {
      const path = [...at, ...option.split('.')];
      if (isWritten(path)) warning(path, because);
    }
  }
}
