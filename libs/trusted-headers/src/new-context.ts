import { randomBytes, randomUUID } from 'node:crypto';

import { anonymous, type Identity } from './identity.js';
import type { IncomingHeaders } from './open-seal.js';
import type { RequestContext } from './request-context.js';
import { traceIdOf, traceparentFor } from './traceparent.js';

const addressLike = /^[0-9A-Fa-f.:]{2,45}$/;
const wellFormedId = /^[A-Za-z0-9_-]{8,64}$/;

/** A context for work that no request has started: a sweeper, a start-up job, a test. */
export function newContext(identity: Identity = anonymous): RequestContext {
  const traceId = randomBytes(16).toString('hex');
  return { requestId: randomUUID(), traceId, traceparent: traceparentFor(traceId, undefined), identity };
}

/**
 * A context for a request whose caller is not known yet. The ids are taken over unproven, if they look like ids:
 * they grant nothing, and they let a refusal be found in the logs of both sides.
 */
export function incomingContext(headers: IncomingHeaders): RequestContext {
  const requestId = headers['x-request-id'];
  const traceId = traceIdOf(headers['traceparent']) ?? randomBytes(16).toString('hex');
  return {
    requestId: typeof requestId === 'string' && wellFormedId.test(requestId) ? requestId : randomUUID(),
    traceId,
    traceparent: traceparentFor(traceId, headers['traceparent']),
    identity: anonymous,
    clientAddress: clientAddressOf(headers['x-forwarded-for']),
  };
}

/** The gateway replaces `X-Forwarded-For`; its first entry is the client. */
function clientAddressOf(field: IncomingHeaders[string]): string {
  const first = typeof field === 'string' ? (field.split(',', 1)[0] ?? '').trim() : '';
  return addressLike.test(first) ? first : '';
}
