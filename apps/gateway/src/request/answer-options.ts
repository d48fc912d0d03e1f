import type { ServerResponse } from 'node:http';

import type { GatewayContext } from './gateway-context.js';

/** What may be asked here (RFC 9110 §9.3.7). `allow`: methods, with commas between them. */
export function answerOptions(response: ServerResponse, context: GatewayContext, allow: string): void {
  response.writeHead(204, {
    allow,
    ...context.answerHeaders,
    'x-request-id': context.requestId,
    'x-trace-id': context.facts.trace.traceId,
  });
  response.end();
}
