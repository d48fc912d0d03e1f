import type { IncomingMessage, ServerResponse } from 'node:http';

import { Refusal } from '@libs/errors';

import { wantsContinue } from '../edge/check-headers.js';
import { isHttp2 } from '../edge/is-http2.js';
import type { GatewayContext } from '../gateway-context.js';
import type { HeaderRules } from './header-rules.js';
import { passingTrailers } from './trailers.js';

/** Where the body goes. */
export interface BodySink {
  /** False: no more until `flowOn`. */
  write(chunk: Buffer): boolean;
  end(trailers: readonly string[]): void;
  /** What has come of the body is all that comes. */
  breakOff(refusal: Refusal): void;
}

/** Whether the client announces a body. In HTTP/2 it need not say how long it is (RFC 9113 §8.1). */
export function hasBody(request: IncomingMessage): boolean {
  const { headers } = request;
  if (headers['content-length'] !== undefined) return Number(headers['content-length']) > 0;
  if (isHttp2(request)) return !endsWithItsHead(request);
  return headers['transfer-encoding'] !== undefined;
}

const endsWithItsHead = (request: IncomingMessage): boolean =>
  (request as unknown as { stream: { endAfterHeaders: boolean } }).stream.endAfterHeaders;

/**
 * The body of the client, piece by piece as the instance takes it. It counts while it passes, because a body in
 * chunks does not say beforehand how long it is.
 */
export class RequestBody {
  /** Undefined: it does not say. */
  readonly length: number | undefined;
  private sink: BodySink | undefined = undefined;
  private isAskedFor = false;

  constructor(
    private readonly context: GatewayContext,
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
    private readonly rules: HeaderRules,
  ) {
    const { 'content-length': length } = request.headers;
    this.length = length === undefined ? undefined : Number(length);
  }

  /** Nothing of it has been taken, so it can go elsewhere. */
  get isWhole(): boolean {
    return this.context.bytesIn === 0 && !this.request.readableEnded;
  }

  flowTo(sink: BodySink): void {
    const { request } = this;
    this.sink = sink;
    if (!this.isAskedFor && wantsContinue(request)) this.response.writeContinue();
    this.isAskedFor = true;
    request.on('end', this.onEnd);
    request.on('error', this.onBreak);
    request.on('aborted', this.onBreak);
    request.on('data', this.onData);
    request.resume();
  }

  flowOn(): void {
    if (this.sink !== undefined) this.request.resume();
  }

  /** The sink wants nothing more, whatever comes. */
  stop(): void {
    if (this.sink === undefined) return;
    this.sink = undefined;
    const { request } = this;
    request.off('end', this.onEnd);
    request.off('aborted', this.onBreak);
    request.off('data', this.onData);
    // The listener of errors stays: a client that breaks off later must not bring the process down.
    if (!request.readableEnded) request.pause();
  }

  private readonly onData = (chunk: Buffer): void => {
    const { context } = this;
    context.bytesIn += chunk.length;
    if (context.bytesIn > context.route.maxBodyBytes) {
      this.sink?.breakOff(new Refusal('REQUEST_BODY_TOO_LARGE'));
    } else if (this.sink?.write(chunk) === false) this.request.pause();
  };

  private readonly onEnd = (): void => this.sink?.end(passingTrailers(this.request.rawTrailers, this.rules));

  private readonly onBreak = (): void =>
    this.sink?.breakOff(new Refusal('REQUEST_CANCELLED', { internal: 'the client broke off its body' }));
}
