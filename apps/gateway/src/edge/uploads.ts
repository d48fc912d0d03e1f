import type { IncomingMessage, ServerResponse } from 'node:http';

import { hasBody } from '../forward/request-body.js';
import { isGrpc } from '../forward/event-stream.js';
import type { GatewayContext } from '../gateway-context.js';
import { isHttp2 } from './is-http2.js';

export interface Upload {
  readonly request: IncomingMessage;
  readonly context: GatewayContext;
  readonly response: ServerResponse;
}

const lookEveryMs = 250;

/**
 * Requests whose body is still to come, and how long it may. Node has one limit for all routes, and over HTTP/1 only. A
 * timer for each request would cost more than a look at all of them now and then: most bodies come with their head.
 */
export class Uploads {
  private readonly running = new Map<IncomingMessage, Upload>();
  private timer: NodeJS.Timeout | undefined = undefined;

  constructor(private readonly onLate: (upload: Upload) => void) {}

  watch(upload: Upload): void {
    const { request, context } = upload;
    if (context.upgrade !== undefined || !hasBody(request)) return;
    // The body of a gRPC call is a stream of messages, which may be open for as long as the call is.
    if (isHttp2(request) && isGrpc(request.headers['content-type'])) return;
    this.running.set(request, upload);
    this.timer ??= setTimeout(this.look, lookEveryMs).unref();
  }

  forget(request: IncomingMessage): void {
    this.running.delete(request);
  }

  private readonly look = (): void => {
    const now = performance.now();
    for (const [request, upload] of this.running) {
      const { facts, route } = upload.context;
      if (request.complete) this.running.delete(request);
      else if (now - facts.startedAt >= route.requestTimeoutMs) {
        this.running.delete(request);
        this.onLate(upload);
      }
    }
    this.timer = this.running.size === 0 ? undefined : setTimeout(this.look, lookEveryMs).unref();
  };
}
