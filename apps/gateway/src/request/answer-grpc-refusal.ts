import type { ServerResponse } from 'node:http';

import type { Refusal } from '@libs/errors';
import { toGrpcStatus } from '@libs/grpc';

import type { GatewayContext } from './gateway-context.js';

/** To a gRPC client a refusal is a status with details. HTTP's own status would only be guessed at. */
export function answerGrpcRefusal(response: ServerResponse, context: GatewayContext, refusal: Refusal): void {
  const { code, details, metadata } = toGrpcStatus(refusal);
  const [bytes] = metadata.get('grpc-status-details-bin');
  response.writeHead(200, {
    'content-type': 'application/grpc',
    'x-request-id': context.requestId,
    'x-trace-id': context.facts.trace.traceId,
  });
  response.addTrailers({
    'grpc-status': String(code),
    'grpc-message': percentEncoded(details),
    'grpc-status-details-bin': Buffer.from(bytes ?? '').toString('base64'),
  });
  response.end();
}

const percentEncoded = (text: string): string => text.replaceAll(/[^ -$&-~]/gu, encodeURIComponent);
