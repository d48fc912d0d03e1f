import type { ServerResponse } from 'node:http';

import { Logger } from '@nestjs/common';

import { type ErrorCode, problemMediaType, type Refusal, toProblem } from '@libs/errors';

import { isGrpc } from '../http/event-stream.js';
import type { GatewayContext } from './gateway-context.js';
import { BoundedLines } from './bounded-lines.js';
import { flagOf } from './flag.js';
import { answerGrpcRefusal } from './answer-grpc-refusal.js';
import { isHttp2 } from '../http/is-http2.js';

const logger = new Logger('Refusal');

/** Every refusal of the gateway becomes an answer here, whichever stage it comes from. */
export function answerRefusal(response: ServerResponse, context: GatewayContext, refusal: Refusal): void {
  context.flag ||= flagOf(refusal.code);
  // Thousands of these a second have one reason, which the access log tells.
  if (refusal.entry.status >= 500 && refusal.code !== 'SERVICE_OVERLOADED' && context.flag !== 'upstream_overloaded')
    logFault(context, refusal);
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  if (isGrpc(context.headers['content-type']) && isHttp2(response.req)) {
    answerGrpcRefusal(response, context, refusal);
    return;
  }
  const body = JSON.stringify(toProblem(refusal, { instance: context.path, requestId: context.requestId }));
  const length = Buffer.byteLength(body);
  context.bytesOut = context.method === 'HEAD' ? 0 : length;
  response.writeHead(refusal.entry.status, {
    'content-type': problemMediaType,
    'content-length': length,
    'cache-control': 'no-store',
    ...challengeFor(refusal),
    ...context.answerHeaders,
    ...refusal.headers,
    'x-request-id': context.requestId,
    'x-trace-id': context.facts.trace.traceId,
  });
  response.end(body);
}

/** RFC 6750 §3: a client that sent nothing is asked, one that sent something bad is told so. */
function challengeFor({ code, entry }: Refusal): Record<string, string> {
  if (entry.status !== 401) return {};
  return { 'www-authenticate': code === 'AUTH_CREDENTIALS_REJECTED' ? 'Bearer error="invalid_token"' : 'Bearer' };
}

/** When a service is away each request to it fails alike. */
const faults = new BoundedLines<ErrorCode>(20, (code, refusals) =>
  logger.warn({ msg: 'more requests failed than have a line', code, refusals }),
);

function logFault(context: GatewayContext, refusal: Refusal): void {
  // What is a mistake of ours is told each time.
  if (refusal.code !== 'INTERNAL' && !faults.admits(refusal.code)) return;
  const line = {
    msg: refusal.internal ?? refusal.message,
    code: refusal.code,
    request_id: context.requestId,
    trace_id: context.facts.trace.traceId,
    instance: context.instance?.model.origin ?? '',
  };
  if (refusal.code === 'INTERNAL') logger.error({ ...line, err: refusal.cause ?? refusal });
  else logger.warn(line);
}
