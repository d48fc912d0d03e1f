import type { Socket } from 'node:net';

import type { Dial } from '../dial.js';
import type {
  AnswerHandler,
  ConnectionLimits,
  UpstreamCall,
  UpstreamConnections,
  UpstreamRequest,
} from '../upstream-call.js';
import { errorText, upstreamFailure } from '../upstream-failure.js';
import { Http1Call } from './call.js';
import { type ConnectionOwner, Http1Connection } from './connection.js';

/**
 * A connection rests after an answer before it takes the next request, if there are others: an answer too many that is
 * right behind the first one is noticed meanwhile, and harms nobody.
 */
const restMs = 1;
/** An instance that answers without being asked gets no two requests on one connection for so long. */
const mistrustMs = 60_000;
/** The instance closes when its time is over; a request must not be on its way then. */
const closingMarginMs = 1_000;

interface Attempt {
  readonly socket: Socket;
  readonly until: number;
}

/** The connections to one instance that speaks HTTP/1.1, and the requests that wait for one. */
export class Http1Connections implements UpstreamConnections, ConnectionOwner {
  private readonly all = new Set<Http1Connection>();
  private readonly attempts = new Set<Attempt>();
  /** The one that has been free for the shortest time is the last. */
  private readonly free: Http1Connection[] = [];
  private readonly waiting: Http1Call[] = [];
  private isServing = false;
  private isRetired = false;
  private mistrustedUntil = 0;

  constructor(
    /** Host and port, as `Host` says it. */
    private readonly authority: string,
    private readonly dial: Dial,
    private limits: ConnectionLimits,
  ) {}

  send(request: UpstreamRequest, handler: AnswerHandler): UpstreamCall {
    const now = performance.now();
    const call = new Http1Call(request, handler, now + request.connectTimeoutMs, this.leaveQueue);
    const connection = this.takeRested(now);
    if (connection !== undefined) {
      connection.send(call, now);
      return call;
    }
    const hasRoom = this.all.size + this.attempts.size < this.limits.connections;
    if (!hasRoom && this.waiting.length - this.attempts.size >= this.limits.queue) {
      handler.onFailure(upstreamFailure('overloaded', { internal: 'too many requests wait for a connection' }));
      return call;
    }
    this.waiting.push(call);
    if (hasRoom) this.connect(now);
    else if (this.free.length > 0) this.serveSoon();
    return call;
  }

  onFree(connection: Http1Connection): void {
    const now = performance.now();
    if (this.isRetired || this.limits.keepAliveMs === 0 || now < this.mistrustedUntil) return connection.destroy();
    connection.freeSince = now;
    this.free.push(connection);
    if (this.waiting.length > 0) this.serveSoon();
  }

  onClosed(connection: Http1Connection): void {
    this.all.delete(connection);
    const index = this.free.indexOf(connection);
    if (index !== -1) this.free.splice(index, 1);
    this.connectForWaiting();
  }

  onUnasked(): void {
    this.mistrustedUntil = performance.now() + mistrustMs;
    for (const connection of this.free.splice(0)) connection.destroy();
  }

  sweep(now: number): boolean {
    for (const connection of this.all) connection.checkTime(now);
    for (const attempt of this.attempts) {
      if (now >= attempt.until) this.onAttemptFailed(attempt, 'connect', new Error('no connection in time'));
    }
    for (const call of this.waiting.slice()) {
      if (now < call.waitsUntil && now < call.request.endsAt) continue;
      this.leaveQueue(call);
      call.handler.onFailure(upstreamFailure('overloaded', { internal: 'no connection became free in time' }));
    }
    for (const connection of this.free.slice()) {
      if (now - connection.freeSince >= this.keepAliveOf(connection)) connection.destroy();
    }
    return this.all.size + this.attempts.size + this.waiting.length > 0;
  }

  adopt(limits: ConnectionLimits): void {
    this.limits = limits;
  }

  retire(): void {
    this.isRetired = true;
    for (const connection of this.free.splice(0)) connection.destroy();
  }

  destroy(): void {
    this.isRetired = true;
    for (const { socket } of this.attempts) socket.destroy();
    for (const connection of this.all) connection.destroy();
    for (const call of this.waiting.splice(0)) {
      call.handler.onFailure(upstreamFailure('unreachable', { internal: 'the gateway is stopping' }));
    }
  }

  private takeRested(now: number): Http1Connection | undefined {
    for (let index = this.free.length - 1; index >= 0; index--) {
      const connection = this.free[index];
      if (connection === undefined || now - connection.freeSince < restMs) continue;
      this.free.splice(index, 1);
      if (connection.isOpen) return connection;
    }
    return undefined;
  }

  /** With none to spare, a connection rests for one turn of the event loop only. */
  private serveSoon(): void {
    if (this.isServing) return;
    this.isServing = true;
    setImmediate(this.serve);
  }

  private readonly serve = (): void => {
    this.isServing = false;
    const now = performance.now();
    while (this.waiting.length > 0) {
      const connection = this.free.shift();
      if (connection === undefined) return;
      if (connection.isOpen) this.giveNext(connection, now);
    }
  };

  private giveNext(connection: Http1Connection, now: number): void {
    const call = this.waiting.shift();
    if (call !== undefined) connection.send(call, now);
  }

  private readonly leaveQueue = (call: Http1Call): void => {
    const index = this.waiting.indexOf(call);
    if (index !== -1) this.waiting.splice(index, 1);
  };

  private connectForWaiting(): void {
    while (
      !this.isRetired &&
      this.waiting.length > this.attempts.size &&
      this.all.size + this.attempts.size < this.limits.connections
    ) {
      this.connect(performance.now());
    }
  }

  private connect(now: number): void {
    const { socket, established } = this.dial();
    const attempt: Attempt = { socket, until: this.waiting.at(-1)?.waitsUntil ?? now };
    this.attempts.add(attempt);
    const onError = (error: Error): void => this.onAttemptFailed(attempt, 'unreachable', error);
    socket.once('error', onError);
    socket.once(established, () => {
      if (!this.attempts.delete(attempt)) return;
      const connection = new Http1Connection(socket, this, { authority: this.authority, isReused: this.limits.keepAliveMs > 0 });
      socket.off('error', onError);
      this.all.add(connection);
      if (this.waiting.length > 0) this.giveNext(connection, performance.now());
      else this.onFree(connection);
    });
  }

  /** The one that has waited longest is told. */
  private onAttemptFailed(attempt: Attempt, kind: 'unreachable' | 'connect', error: Error): void {
    if (!this.attempts.delete(attempt)) return;
    attempt.socket.on('error', () => undefined);
    attempt.socket.destroy();
    this.waiting.shift()?.handler.onFailure(upstreamFailure(kind, { internal: errorText(error), cause: error }));
    this.connectForWaiting();
  }

  private keepAliveOf({ keepAliveMs = Infinity }: Http1Connection): number {
    return Math.min(this.limits.keepAliveMs, Math.max(0, keepAliveMs - closingMarginMs));
  }
}
