import type { IncomingMessage, ServerResponse } from 'node:http';

import { Refusal } from '@libs/errors';

import { hasBody } from '../request/request-body.js';
import { isGrpc } from '../http/event-stream.js';
import { answerRefusal } from '../request/answer-refusal.js';
import type { GatewayContext } from '../request/gateway-context.js';
import type { Passage } from '../request/stage.js';
import type { RouteModel } from '../routes/model/route.model.js';
import { isHttp2 } from '../http/is-http2.js';

interface Watched {
  readonly request: IncomingMessage;
  readonly context: GatewayContext;
  readonly response: ServerResponse;
  /** Bytes that had come when it was looked at last. */
  received: number;
  /** Until when it need bring nothing more, on the monotonic clock. */
  paidUntil: number;
}

const lookEveryMs = 250;

/**
 * Requests whose body is still to come: how long it may, and how fast it must. Node has one limit for all routes, and
 * over HTTP/1 only. A timer for each request would cost more than a look at all of them now and then: most bodies come
 * with their head.
 */
export class Uploads {
  private readonly running = new Map<IncomingMessage, Watched>();
  private timer: NodeJS.Timeout | undefined = undefined;

  /** `graceOfLeaving`: how long somebody who has said goodbye may bring nothing; undefined: they have not. */
  constructor(private readonly graceOfLeaving: (request: IncomingMessage) => number | undefined) {}

  watch({ request, context, response }: Passage): void {
    if (context.upgrade !== undefined || !hasBody(request)) return;
    // The body of a gRPC call is a stream of messages, which may be open for as long as the call is.
    if (isHttp2(request) && isGrpc(request.headers['content-type'])) return;
    this.running.set(request, { request, context, response, received: 0, paidUntil: Infinity });
    response.once('close', () => void this.running.delete(request));
    this.timer ??= setTimeout(this.look, lookEveryMs).unref();
  }

  private readonly look = (): void => {
    const now = performance.now();
    for (const [request, upload] of this.running) {
      if (request.complete) this.running.delete(request);
      else if (this.isLate(upload, now)) {
        this.running.delete(request);
        answerLate(upload);
      }
    }
    this.timer = this.running.size === 0 ? undefined : setTimeout(this.look, lookEveryMs).unref();
  };

  private isLate(upload: Watched, now: number): boolean {
    const { facts, route, body } = upload.context;
    const elapsedMs = now - facts.startedAt;
    if (elapsedMs >= route.requestTimeoutMs || this.isTooSlow(upload, now)) return true;
    // What has gone to an instance is ended there, and by whose fault it is.
    return body?.hasBegun === false && body.isAwaited && elapsedMs >= totalTimeoutOf(route);
  }

  /** Each byte is good for a while, and what is in hand for no longer than the grace. Only who is waited for can be late. */
  private isTooSlow(upload: Watched, now: number): boolean {
    const { context, request, response } = upload;
    const { body, route } = context;
    if (body === undefined || !body.isAwaited || response.headersSent) {
      upload.paidUntil = Infinity;
      return false;
    }
    const graceMs =
      this.graceOfLeaving(request) ??
      (route.bodyRate === 0 ? Infinity : context.snapshot.configuration.limits.bodyGrace);
    const { received } = body;
    const paidMs = route.bodyRate === 0 ? Infinity : ((received - upload.received) / route.bodyRate) * 1_000;
    const isPaying = received > upload.received;
    upload.received = received;
    upload.paidUntil = Math.min(now + graceMs, isPaying ? upload.paidUntil + paidMs : upload.paidUntil);
    return now >= upload.paidUntil;
  }
}

const totalTimeoutOf = ({ target }: RouteModel): number =>
  (target.kind === 'service' ? target.totalTimeoutMs : undefined) ?? Infinity;

function answerLate({ context, response }: Watched): void {
  if (response.writableEnded) return;
  response.shouldKeepAlive = false;
  // What had come went nowhere, and is told of all the same.
  context.bytesIn = context.body?.received ?? context.bytesIn;
  answerRefusal(response, context, new Refusal('REQUEST_TIMEOUT'));
}
