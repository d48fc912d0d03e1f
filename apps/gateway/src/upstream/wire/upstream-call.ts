import type { Duplex } from 'node:stream';

import type { RequestBody } from '../../request/request-body.js';
import type { UpstreamFailure } from './upstream-failure.js';

/** Who a request is of, as far as shares go. */
export interface Client {
  /** An address, or the network that one customer has. */
  readonly network: string;
  /** Empty: nobody knows. */
  readonly userId: string;
}

/** What an instance is asked. */
export interface UpstreamRequest {
  readonly client: Client;
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** Undefined: that of the instance. */
  readonly host: string | undefined;
  /** Name, value, name, value: end-to-end fields, without Host and length, as they are to be sent. */
  readonly headers: readonly string[];
  /** Undefined: there is none. */
  readonly body: RequestBody | undefined;
  /** Whether the client says that it reads trailers. */
  readonly acceptsTrailers: boolean;
  /** Ask for a WebSocket. */
  readonly upgrade: boolean;
  readonly connectTimeoutMs: number;
  /** Until the answer begins, counted from the end of the request. */
  readonly headersTimeoutMs: number;
  /** Without a byte moving in either direction. */
  idleTimeoutMs: number;
  /** The same, on a WebSocket or a stream of events. */
  readonly quietTimeoutMs: number;
  /** When all of it must be over, on the monotonic clock; Infinity: never. */
  endsAt: number;
}

/** The beginning of an answer. */
export interface AnswerHead {
  readonly status: number;
  /** Name, value, name, value: names in lower case. */
  readonly headers: readonly string[];
  /** The value of `Connection`, or undefined. */
  readonly connection: string | undefined;
  /** Bytes of body to come; undefined if it is not known before the end. */
  readonly length: number | undefined;
}

/** Is told what comes back, in this order. After one of the last three nothing more comes. */
export interface AnswerHandler {
  /** From now on the request may have happened. */
  onSent(): void;
  /** An interim answer, RFC 9110 §15.2. */
  onInterim(head: AnswerHead): void;
  onHead(head: AnswerHead): void;
  /** The memory of `chunk` is used again as soon as this returns. */
  onData(chunk: Buffer): void;
  onEnd(trailers: readonly string[]): void;
  /** 101: what follows is another protocol. `ahead` is what has come of it already. */
  onUpgrade(head: AnswerHead, stream: Duplex, ahead: Buffer): void;
  onFailure(failure: UpstreamFailure): void;
}

/** A request on its way. */
export interface UpstreamCall {
  /** The client takes no more for now. */
  pause(): void;
  resume(): void;
  /** The answer is one that goes on for as long as anybody listens. */
  becomeStream(): void;
  /** Nobody waits for the answer any more. The handler is told nothing. */
  abort(): void;
}

export interface ConnectionLimits {
  /** Without those that have become streams. */
  readonly connections: number;
  /** Requests that may wait for one of them. */
  readonly queue: number;
  /** How long an unused one is kept; 0: none is used twice. */
  readonly keepAliveMs: number;
  /** How long one rests after an answer. */
  readonly restMs: number;
}

/** The connections to one instance, in one protocol. */
export interface UpstreamConnections {
  /** Connections that are there. */
  readonly open: number;
  /** Requests that wait for one. */
  readonly queued: number;
  /** One more would be refused at once. */
  readonly isFull: boolean;
  send(request: UpstreamRequest, handler: AnswerHandler): UpstreamCall;
  /** From now on these limits count. */
  adopt(limits: ConnectionLimits): void;
  /**
   * Called often: ends what has waited too long and connections that nobody needs. Returns whether any are left.
   * `isSaturated`: the event loop of this process has no idle moment.
   */
  sweep(now: number, isSaturated: boolean): boolean;
  /** Takes no more calls; ends when the running ones have. */
  retire(): void;
  /** Ends everything at once. */
  destroy(): void;
}
