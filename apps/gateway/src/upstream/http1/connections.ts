import type { Socket } from 'node:net';

import type { Dial } from '../wire/dial.js';
import { StandingQueue } from '../wire/standing-queue.js';
import type {
  AnswerHandler,
  ConnectionLimits,
  UpstreamCall,
  UpstreamConnections,
  UpstreamRequest,
} from '../wire/upstream-call.js';
import { errorText, tooManyWait, upstreamFailure } from '../wire/upstream-failure.js';
import { Http1Call } from './call.js';
import { type ConnectionOwner, Http1Connection } from './connection.js';
import { FreeConnections } from './free-connections.js';

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
  private readonly free: FreeConnections;
  private readonly waiting: Http1Call[] = [];
  private readonly standing = new StandingQueue();
  /** Those among all that carry what goes on without end. */
  private streams = 0;
  private isRetired = false;
  private mistrustedUntil = 0;

  constructor(
    /** Host and port, as `Host` says it. */
    private readonly authority: string,
    private readonly dial: Dial,
    private limits: ConnectionLimits,
  ) {
    this.free = new FreeConnections(
      limits.restMs,
      () => this.serve(),
      () => this.waiting.length > 0,
    );
  }

  get open(): number {
    return this.all.size;
  }

  get queued(): number {
    return this.waiting.length;
  }

  get isFull(): boolean {
    if (!this.free.isEmpty || this.hasRoom) return false;
    return this.waiting.length - this.attempts.size >= this.standing.limitOf(this.limits.queue);
  }

  send(request: UpstreamRequest, handler: AnswerHandler): UpstreamCall {
    const now = performance.now();
    const call = new Http1Call(request, handler, now + request.connectTimeoutMs, this.leaveQueue);
    const connection = this.free.take();
    if (connection !== undefined) {
      this.standing.note(0);
      connection.send(call, now);
      return call;
    }
    if (this.isFull) {
      handler.onFailure(tooManyWait);
      return call;
    }
    this.waiting.push(call);
    if (this.hasRoom) this.connect(now);
    return call;
  }

  onFree(connection: Http1Connection): void {
    this.countNoStream(connection);
    const now = performance.now();
    if (this.isRetired || this.limits.keepAliveMs === 0 || now < this.mistrustedUntil) return connection.destroy();
    this.free.put(connection, now);
  }

  onClosed(connection: Http1Connection): void {
    this.all.delete(connection);
    this.countNoStream(connection);
    this.free.remove(connection);
    this.connectForWaiting();
  }

  onStream(): void {
    this.streams++;
    this.connectForWaiting();
  }

  onUnasked(): void {
    this.mistrustedUntil = performance.now() + mistrustMs;
    for (const connection of this.free.all()) connection.destroy();
  }

  sweep(now: number, isSaturated: boolean): boolean {
    this.standing.adjust(now, this.waiting.length, isSaturated);
    for (const connection of this.all) connection.checkTime(now);
    for (const attempt of this.attempts) {
      if (now >= attempt.until) this.onAttemptFailed(attempt, 'connect', new Error('no connection in time'));
    }
    for (const call of this.waiting.slice()) {
      if (now < call.waitsUntil && now < call.request.endsAt) continue;
      this.leaveQueue(call);
      call.handler.onFailure(upstreamFailure('overloaded', { internal: 'no connection became free in time' }));
    }
    for (const connection of this.free.all()) {
      if (now - connection.freeSince >= this.keepAliveOf(connection)) connection.destroy();
    }
    return this.all.size + this.attempts.size + this.waiting.length > 0;
  }

  adopt(limits: ConnectionLimits): void {
    this.limits = limits;
    this.free.restMs = limits.restMs;
  }

  retire(): void {
    this.isRetired = true;
    for (const connection of this.free.all()) connection.destroy();
  }

  destroy(): void {
    this.isRetired = true;
    for (const { socket } of this.attempts) socket.destroy();
    for (const connection of this.all) connection.destroy();
    for (const call of this.waiting.splice(0)) {
      call.handler.onFailure(upstreamFailure('unreachable', { internal: 'the gateway is stopping' }));
    }
  }

  private get hasRoom(): boolean {
    return this.all.size - this.streams + this.attempts.size < this.limits.connections;
  }

  private countNoStream(connection: Http1Connection): void {
    if (!connection.isStream) return;
    connection.isStream = false;
    this.streams--;
  }

  private serve(): void {
    while (this.waiting.length > 0) {
      const connection = this.free.take();
      if (connection === undefined) return;
      this.giveNext(connection, performance.now());
    }
  }

  private giveNext(connection: Http1Connection, now: number): void {
    const call = this.waiting.shift();
    if (call === undefined) return;
    this.standing.note(now - call.waitsUntil + call.request.connectTimeoutMs);
    connection.send(call, now);
  }

  private readonly leaveQueue = (call: Http1Call): void => {
    const index = this.waiting.indexOf(call);
    if (index !== -1) this.waiting.splice(index, 1);
  };

  private connectForWaiting(): void {
    while (!this.isRetired && this.waiting.length > this.attempts.size && this.hasRoom) {
      this.connect(performance.now());
    }
  }

  private connect(now: number): void {
    let connection: Http1Connection | undefined;
    const { socket, established } = this.dial((bytes) => connection === undefined || connection.receive(bytes));
    const attempt: Attempt = { socket, until: this.waiting.at(-1)?.waitsUntil ?? now };
    this.attempts.add(attempt);
    const onError = (error: NodeJS.ErrnoException): void =>
      this.onAttemptFailed(attempt, error.code === 'ECONNRESET' ? 'reset' : 'unreachable', error);
    socket.once('error', onError);
    socket.once(established, () => {
      if (!this.attempts.delete(attempt)) return;
      connection = new Http1Connection(socket, this, {
        authority: this.authority,
        isReused: this.limits.keepAliveMs > 0,
      });
      socket.off('error', onError);
      this.all.add(connection);
      if (this.waiting.length > 0) this.giveNext(connection, performance.now());
      else this.onFree(connection);
    });
  }

  /** The one that has waited longest is told. */
  private onAttemptFailed(attempt: Attempt, kind: 'unreachable' | 'connect' | 'reset', error: Error): void {
    if (!this.attempts.delete(attempt)) return;
    attempt.socket.on('error', () => undefined);
    attempt.socket.destroy();
    const failure = upstreamFailure(kind, { internal: errorText(error), cause: error, wasNeverSent: true });
    this.waiting.shift()?.handler.onFailure(failure);
    this.connectForWaiting();
  }

  private keepAliveOf({ keepAliveMs = Infinity }: Http1Connection): number {
    return Math.min(this.limits.keepAliveMs, Math.max(0, keepAliveMs - closingMarginMs));
  }
}
