import { randomUUID } from 'node:crypto';

import { newTraceId, newTraceparent, parseTraceparent, type Tracer } from '@libs/tracing';

import { anonymous, type Identity } from './identity.js';
import type { IncomingHeaders } from './open-seal.js';
import type { RequestContext } from './request-context.js';

const addressLike = /^[0-9A-Fa-f.:]{2,45}$/;
const wellFormedId = /^[A-Za-z0-9_-]{8,64}$/;

/** A context for work that no request has started: a sweeper, a start-up job, a test. */
export function newContext(identity: Identity = anonymous): RequestContext {
  const traceId = newTraceId();
  return { requestId: randomUUID(), traceId, traceparent: newTraceparent({ traceId }), identity };
}

/**
 * A context for a request whose caller is not known yet. The ids are taken over unproven, if they look like ids:
 * they grant nothing, and they let a refusal be found in the logs of both sides. `tracer` records what the caller
 * records; whoever opens the context of a span ends it, too.
 */
export function incomingContext(headers: IncomingHeaders, tracer?: Tracer, spanName = ''): RequestContext {
  const { traceparent, 'x-request-id': requestId } = headers;
  const parent = typeof traceparent === 'string' ? parseTraceparent(traceparent) : undefined;
  const traceId = parent?.traceId ?? newTraceId();
  const span = tracer?.receive(parent, traceId, spanName);
  return {
    requestId: typeof requestId === 'string' && wellFormedId.test(requestId) ? requestId : randomUUID(),
    traceId,
    traceparent: span?.traceparent ?? passedOn(traceparent) ?? newTraceparent(parent ?? { traceId }),
    identity: anonymous,
    clientAddress: clientAddressOf(headers['x-forwarded-for']),
    ...(span === undefined ? {} : { span }),
  };
}

/** The gateway replaces `X-Forwarded-For`; its first entry is the client. */
function clientAddressOf(field: IncomingHeaders[string]): string {
  const first = typeof field === 'string' ? (field.split(',', 1)[0] ?? '').trim() : '';
  return addressLike.test(first) ? first : '';
}

/** What is of a later version than ours is read, but not repeated (W3C Trace Context §3.2.4). */
const passedOn = (header: unknown): string | undefined =>
  typeof header === 'string' && header.startsWith('00-') && parseTraceparent(header) !== undefined ? header : undefined;
