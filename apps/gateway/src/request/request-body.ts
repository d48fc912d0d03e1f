import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';

import { Refusal } from '@libs/errors';

import { wantsContinue } from '../http/framing.js';
import { isHttp2 } from '../http/is-http2.js';
import type { GatewayContext } from './gateway-context.js';
import type { HeaderRules } from '../http/header-rules.js';
import { passingTrailers } from '../http/trailers.js';

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

/** Those whose body is still to come, and who may be refused for having too many of them. */
export interface AwaitedBodies {
  /** Returns the function that says that it is awaited no more. */
  await(context: GatewayContext): () => void;
}

/**
 * How much must have come. `begun`: so much that an instance need not wait for the first of it. `small`: that, and the
 * end of it if it is small, whether it says so or not.
 */
export type Arrival = 'begun' | 'small';

/**
 * The body of the client, piece by piece as the instance takes it. It counts while it passes, because a body in
 * chunks does not say beforehand how long it is.
 */
export class RequestBody {
  /** Undefined: it does not say. */
  readonly length: number | undefined;
  /** Whether the client is waited for, rather than the other way round. */
  isAwaited = false;
  private sink: BodySink | undefined = undefined;
  private isAskedFor = false;
  private isTaken = false;
  /** Over HTTP/2: what has come and was not read yet is here. */
  private readonly stream: Readable | undefined;

  constructor(
    private readonly context: GatewayContext,
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
    private readonly rules: HeaderRules,
    private readonly awaited: AwaitedBodies,
    /** A stream of messages: the service may be the one that speaks first. */
    readonly isStream: boolean,
  ) {
    const { 'content-length': length } = request.headers;
    this.length = length === undefined ? undefined : Number(length);
    this.stream = isHttp2(request) ? (request as unknown as { stream: Readable }).stream : undefined;
  }

  /** Nothing of it has been taken, so it can go elsewhere. */
  get isWhole(): boolean {
    return this.context.bytesIn === 0 && !this.request.readableEnded;
  }

  /** Whether it is, or was, on its way to an instance. */
  get hasBegun(): boolean {
    return this.isTaken;
  }

  /** Bytes that have come. */
  get received(): number {
    return this.context.bytesIn + this.unread;
  }

  has(arrival: Arrival): boolean {
    if (this.isStream || this.isComplete) return true;
    if (this.length === undefined && arrival === 'begun') return this.unread > 0;
    return this.unread >= Math.min(this.length ?? Infinity, this.request.readableHighWaterMark);
  }

  /** Resolves when so much has come, or when nobody waits for it any more. */
  async until(arrival: Arrival): Promise<void> {
    const { request, response } = this;
    const noMore = this.awaited.await(this.context);
    this.askForIt();
    this.isAwaited = true;
    // A client that breaks off must not bring the process down.
    request.on('error', ignore);
    try {
      await new Promise<void>((resolve) => {
        const look = (): void => {
          if (!this.has(arrival) && !request.destroyed && !response.writableEnded && !response.closed) return;
          for (const event of ['readable', 'end', 'aborted', 'close']) request.off(event, look);
          for (const event of ['finish', 'close']) response.off(event, look);
          resolve();
        };
        for (const event of ['readable', 'end', 'aborted', 'close']) request.on(event, look);
        for (const event of ['finish', 'close']) response.on(event, look);
        look();
      });
    } finally {
      this.isAwaited = false;
      noMore();
    }
  }

  flowTo(sink: BodySink): void {
    const { request } = this;
    this.sink = sink;
    this.isTaken = true;
    this.askForIt();
    this.isAwaited = true;
    request.on('end', this.onEnd);
    request.on('error', this.onBreak);
    request.on('aborted', this.onBreak);
    request.on('data', this.onData);
    request.resume();
  }

  flowOn(): void {
    if (this.sink === undefined) return;
    this.isAwaited = true;
    this.request.resume();
  }

  /** The sink wants nothing more, whatever comes. */
  stop(): void {
    if (this.sink === undefined) return;
    this.sink = undefined;
    this.isAwaited = false;
    const { request } = this;
    request.off('end', this.onEnd);
    request.off('aborted', this.onBreak);
    request.off('data', this.onData);
    // The listener of errors stays: a client that breaks off later must not bring the process down.
    if (!request.readableEnded) request.pause();
  }

  private get unread(): number {
    return this.request.readableLength + (this.stream?.readableLength ?? 0);
  }

  private get isComplete(): boolean {
    return this.stream?.readableEnded ?? this.request.complete;
  }

  private askForIt(): void {
    if (!this.isAskedFor && wantsContinue(this.request)) this.response.writeContinue();
    this.isAskedFor = true;
  }

  private readonly onData = (chunk: Buffer): void => {
    const { context } = this;
    context.bytesIn += chunk.length;
    if (context.bytesIn > context.route.maxBodyBytes) {
      this.sink?.breakOff(new Refusal('REQUEST_BODY_TOO_LARGE'));
    } else if (this.sink?.write(chunk) === false) {
      this.isAwaited = false;
      this.request.pause();
    }
  };

  private readonly onEnd = (): void => this.sink?.end(passingTrailers(this.request.rawTrailers, this.rules));

  private readonly onBreak = (): void =>
    this.sink?.breakOff(new Refusal('REQUEST_CANCELLED', { internal: 'the client broke off its body' }));
}

const ignore = (): void => undefined;
