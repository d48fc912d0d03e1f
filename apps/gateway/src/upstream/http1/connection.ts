import type { Socket } from 'node:net';

import type { Refusal } from '@libs/errors';

import type { BodySink } from '../../request/request-body.js';
import type { AnswerHandler, AnswerHead } from '../wire/upstream-call.js';
import {
  errorText,
  type FailureKind,
  refusedOnTheWay,
  type UpstreamFailure,
  upstreamFailure,
} from '../wire/upstream-failure.js';
import type { Http1Head } from './answer-head.js';
import { AnswerParser, type ParsedAnswer } from './answer-parser.js';
import type { Http1Call } from './call.js';
import { hearOut } from './hear-out.js';
import { lastChunk, requestHead } from './request-text.js';

/** How long an answer is waited for when the instance takes no more of the request. */
const lastWordsMs = 1_000;

/** Who keeps the connections to an instance. */
export interface ConnectionOwner {
  /** It can take another request. */
  onFree(connection: Http1Connection): void;
  onClosed(connection: Http1Connection): void;
  /** What is on it goes on without end, and is counted elsewhere. */
  onStream(): void;
  /** The instance said something that nobody had asked for: its answers may be one off. */
  onUnasked(): void;
}

/** What has to happen before the deadline. */
type Waiting = Extract<FailureKind, 'headers' | 'idle' | 'slowClient' | 'reset'>;

/** One connection to an instance, with one request on it at a time. */
export class Http1Connection implements ParsedAnswer, BodySink {
  /** When it became free, on the monotonic clock. */
  freeSince = 0;
  /** What the instance said about how long it keeps an unused connection. */
  keepAliveMs: number | undefined = undefined;
  private call: Http1Call | undefined = undefined;
  private readonly parser = new AnswerParser(this);
  private isRequestSent = true;
  private canWrite = true;
  private keeps = true;
  private isBodiless = false;
  private hasAnswerBegun = false;
  private isPaused = false;
  private isTunnel = false;
  /** It carries something that goes on without end. */
  isStream = false;
  private waiting: Waiting = 'headers';
  private deadline = Infinity;

  constructor(
    private readonly socket: Socket,
    private readonly owner: ConnectionOwner,
    private readonly way: { readonly authority: string; readonly isReused: boolean },
  ) {
    hearOut(socket, this.onWriteFailed);
    socket.on('end', this.onSocketEnd);
    socket.on('drain', this.onSocketDrain);
    socket.on('error', this.onSocketError);
    socket.on('close', this.onSocketClose);
  }

  send(call: Http1Call, now: number): void {
    const { request } = call;
    const { socket } = this;
    this.call = call;
    call.connection = this;
    this.isRequestSent = request.body === undefined;
    this.hasAnswerBegun = false;
    this.isPaused = false;
    this.parser.expect(request.method, request.upgrade);
    call.handler.onSent();
    if (request.body === undefined) {
      this.waitFor('headers', now + request.headersTimeoutMs);
      socket.write(requestHead(request, this.way), 'latin1');
      return;
    }
    // What the client has sent already comes before the uncork, so that a small body leaves together with its head.
    this.waitFor('headers', Infinity);
    socket.cork();
    socket.write(requestHead(request, this.way), 'latin1');
    request.body.flowTo(this);
    process.nextTick(uncork, socket);
  }

  /** Ends the request if what it waits for did not come in time. */
  checkTime(now: number): void {
    if (this.call === undefined) return;
    if (now >= this.call.request.endsAt) this.fail('total', 'it took too long altogether');
    else if (now >= this.deadline) this.fail(this.waiting, 'it took too long');
  }

  get isOpen(): boolean {
    return !this.socket.destroyed;
  }

  destroy(): void {
    this.socket.destroy();
  }

  // What the client does.

  pause(): void {
    this.isPaused = true;
    this.socket.pause();
    this.waitFor('slowClient', performance.now() + this.idleTimeoutMs);
  }

  resume(): void {
    this.isPaused = false;
    this.socket.resume();
    this.waitFor('idle', performance.now() + this.idleTimeoutMs);
  }

  becomeStream(): void {
    if (this.isStream) return;
    this.isStream = true;
    this.owner.onStream();
  }

  abandon(): void {
    this.letGo();
    this.socket.destroy();
  }

  write(chunk: Buffer): boolean {
    if (!this.canWrite) return true;
    const { socket } = this;
    if (this.call?.request.body?.length !== undefined) socket.write(chunk);
    else {
      socket.write(`${chunk.length.toString(16)}\r\n`, 'latin1');
      socket.write(chunk);
      socket.write('\r\n', 'latin1');
    }
    if (this.hasAnswerBegun) this.touch();
    if (!socket.writableNeedDrain) return true;
    if (!this.hasAnswerBegun) this.waitFor('idle', performance.now() + this.idleTimeoutMs);
    return false;
  }

  end(trailers: readonly string[]): void {
    const { call } = this;
    if (!this.canWrite || call === undefined) return;
    if (call.request.body?.length === undefined) this.socket.write(lastChunk(trailers), 'latin1');
    this.isRequestSent = true;
    if (!this.hasAnswerBegun) this.waitFor('headers', performance.now() + call.request.headersTimeoutMs);
  }

  breakOff(refusal: Refusal): void {
    this.failWith(refusedOnTheWay(refusal));
  }

  // What the instance says.

  onInterim(head: AnswerHead): void {
    this.call?.handler.onInterim(head);
  }

  onHead(head: Http1Head): void {
    this.hasAnswerBegun = true;
    this.keeps = head.keepsConnection;
    this.isBodiless = head.framing === 'none';
    if (head.keepAliveMs !== undefined) this.keepAliveMs = head.keepAliveMs;
    this.call?.handler.onHead(head);
    if (head.length !== 0) this.waitFor('idle', performance.now() + this.idleTimeoutMs);
  }

  onData(chunk: Buffer): void {
    this.call?.handler.onData(chunk);
  }

  onEnd(trailers: readonly string[], hasMore: boolean): void {
    if (this.call === undefined) return;
    const isClean = this.keeps && this.isRequestSent && this.canWrite && !hasMore && this.socket.writableLength === 0;
    const handler = this.letGo();
    // A body where none may be is no answer too many, and goes with this connection.
    if (hasMore && !this.isBodiless) this.owner.onUnasked();
    if (isClean) this.owner.onFree(this);
    else this.socket.destroy();
    handler?.onEnd(trailers);
  }

  onUpgrade(head: Http1Head, ahead: Buffer): void {
    const { socket } = this;
    socket.off('end', this.onSocketEnd);
    socket.off('drain', this.onSocketDrain);
    this.isTunnel = true;
    this.becomeStream();
    this.letGo()?.onUpgrade(head, socket, Buffer.from(ahead));
  }

  // What the socket tells.

  /** False: no more for now. */
  receive(bytes: Buffer): boolean {
    if (this.isTunnel) return this.socket.push(Buffer.from(bytes));
    if (this.call === undefined) {
      this.owner.onUnasked();
      this.socket.destroy();
      return false;
    }
    try {
      this.parser.feed(bytes);
    } catch (error) {
      this.fail('malformed', errorText(error), error);
    }
    this.touch();
    return !this.isPaused;
  }

  private readonly onSocketEnd = (): void => {
    if (this.call !== undefined && !this.parser.finish()) this.fail('reset', 'it closed the connection');
    this.socket.destroy();
  };

  private readonly onSocketDrain = (): void => {
    const { call } = this;
    if (call?.request.body === undefined || this.isRequestSent) return;
    if (!this.hasAnswerBegun) this.waitFor('headers', Infinity);
    call.request.body.flowOn();
  };

  /** It may have answered before it stopped reading. */
  private readonly onWriteFailed = (): void => {
    this.canWrite = false;
    if (this.call === undefined) return void this.socket.destroy();
    this.call.request.body?.stop();
    if (!this.hasAnswerBegun) this.waitFor('reset', performance.now() + lastWordsMs);
  };

  private readonly onSocketError = (error: Error): void => {
    this.fail('reset', errorText(error), error);
  };

  private readonly onSocketClose = (): void => {
    this.fail('reset', 'the connection is closed');
    this.owner.onClosed(this);
  };

  private get idleTimeoutMs(): number {
    return this.call?.request.idleTimeoutMs ?? Infinity;
  }

  private waitFor(what: Waiting, until: number): void {
    this.waiting = what;
    this.deadline = until;
  }

  /** Bytes have moved after the answer began. */
  private touch(): void {
    if (this.call !== undefined && this.waiting === 'idle') this.deadline = performance.now() + this.idleTimeoutMs;
  }

  private fail(kind: FailureKind, internal: string, cause?: unknown): void {
    if (this.call !== undefined) this.failWith(upstreamFailure(kind, { internal, cause }));
  }

  private failWith(failure: UpstreamFailure): void {
    const handler = this.letGo();
    this.socket.destroy();
    handler?.onFailure(failure);
  }

  /** From here on the call and the connection do not know each other any more. */
  private letGo(): AnswerHandler | undefined {
    const { call } = this;
    if (call === undefined) return undefined;
    this.call = undefined;
    call.connection = undefined;
    call.request.body?.stop();
    this.deadline = Infinity;
    return call.handler;
  }
}

const uncork = (socket: Socket): void => socket.uncork();
