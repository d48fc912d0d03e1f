import type { FastifyInstance } from 'fastify';

import { contextOf } from '../request/gateway-context.js';

/** What the gateway's own controllers answer carries the same headers and counts as what a service answers. */
export function dressOwnAnswers(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (request, reply, payload, done) => {
    const context = contextOf(request);
    void reply.headers({
      ...context.answerHeaders,
      'x-request-id': context.requestId,
      'x-trace-id': context.facts.trace.traceId,
    });
    if (typeof payload === 'string' || Buffer.isBuffer(payload)) context.bytesOut = Buffer.byteLength(payload);
    done(null, payload);
  });
}
