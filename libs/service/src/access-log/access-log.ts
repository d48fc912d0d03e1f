import { Logger } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { Metrics } from '@libs/observability';
import { isProbe } from '@libs/trusted-headers';

import { contextOfRequest, inScopeOf, refusalOf } from '../requests/request-scope.js';

const logger = new Logger('AccessLog');

/** One line and one measurement for every request that was served. A failure is written here, and nowhere else. */
export function logRequests(fastify: FastifyInstance, metrics: Metrics): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = routeOf(request);
    const { method } = request;
    metrics.countRequest({ method, route, status: reply.statusCode, seconds: reply.elapsedTime / 1000 });
    if (!isProbe(route)) {
      endSpan(request, reply, route);
      inScopeOf(request, () => writeLine(request, reply, route));
    }
    done();
  });
}

/** For servers whose requests are not worth a line: only what nobody foresaw is written down. */
export function logFailures(fastify: FastifyInstance): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    if (refusalOf(request)?.code === 'INTERNAL') writeLine(request, reply, routeOf(request));
    done();
  });
}

/** As it is served: a router writes a colon that is none of its parameters twice. */
const routeOf = ({ routeOptions }: FastifyRequest): string => (routeOptions.url ?? '').replaceAll('::', ':');

function endSpan(request: FastifyRequest, reply: FastifyReply, route: string): void {
  const { span } = contextOfRequest(request);
  if (span === undefined) return;
  span.describe(`${request.method} ${route}`.trimEnd(), {
    'http.request.method': request.method,
    ...(route === '' ? {} : { 'http.route': route }),
    'http.response.status_code': reply.statusCode,
  });
  if (reply.statusCode >= 500) span.fail(refusalOf(request)?.code ?? String(reply.statusCode));
  span.end();
}

function writeLine(request: FastifyRequest, reply: FastifyReply, route: string): void {
  const { identity, requestId, traceId } = contextOfRequest(request);
  const refusal = refusalOf(request);
  const line = {
    msg: 'served',
    request_id: requestId,
    trace_id: traceId,
    route,
    method: request.method,
    path: request.url.split('?', 1)[0],
    status: reply.statusCode,
    latency_ms: Math.round(reply.elapsedTime * 100) / 100,
    user_id: identity.userId,
    tenant_id: identity.tenantId,
    ...(refusal === undefined ? {} : { code: refusal.code, reason: refusal.internal }),
  };
  if (reply.statusCode < 500) logger.log(line);
  else logger.error({ ...line, err: refusal?.cause ?? refusal });
}
