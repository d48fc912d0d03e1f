import type { Dial } from '../wire/dial.js';
import type {
  AnswerHandler,
  ConnectionLimits,
  UpstreamCall,
  UpstreamConnections,
  UpstreamRequest,
} from '../wire/upstream-call.js';
import { errorText, tooManyWait, upstreamFailure } from '../wire/upstream-failure.js';
import { Http2Call } from './call.js';
import { Http2Session, type SessionOwner, streamsUnlessTold } from './session.js';

interface Waiting {
  readonly call: Http2Call;
  readonly handler: AnswerHandler;
}

/** The connections to one instance that speaks HTTP/2, and the requests that wait for room on one. */
export class Http2Connections implements UpstreamConnections, SessionOwner {
  private readonly sessions = new Set<Http2Session>();
  private waiting: Waiting[] = [];
  private isRetired = false;

  constructor(
    private readonly way: { readonly scheme: string; readonly authority: string },
    private readonly dial: Dial,
    private limits: ConnectionLimits,
  ) {}

  get usesEachOnce(): boolean {
    return this.limits.keepAliveMs === 0;
  }

  get open(): number {
    return this.sessions.size;
  }

  get queued(): number {
    return this.waiting.length;
  }

  get isFull(): boolean {
    return this.roomiest() === undefined && this.waiting.length >= this.limits.queue + this.expectedRoom;
  }

  send(request: UpstreamRequest, handler: AnswerHandler): UpstreamCall {
    const now = performance.now();
    const call = new Http2Call(request, handler, now + request.connectTimeoutMs, this.leaveQueue);
    const session = this.roomiest();
    if (session !== undefined) {
      session.send(call);
      return call;
    }
    if (this.isFull) {
      handler.onFailure(tooManyWait);
      return call;
    }
    this.waiting.push({ call, handler });
    // One that is being opened has room for many.
    if (!this.isConnecting && this.sessions.size < this.limits.connections) this.connect(call.waitsUntil);
    return call;
  }

  adopt(limits: ConnectionLimits): void {
    this.limits = limits;
  }

  onReady(session: Http2Session): void {
    this.onRoom(session);
    const [next] = this.waiting;
    if (next !== undefined && this.sessions.size < this.limits.connections) this.connect(next.call.waitsUntil);
    if (this.isRetired) session.retire();
  }

  onRoom(session: Http2Session): void {
    while (session.hasRoom) {
      const next = this.waiting.shift();
      if (next === undefined) return;
      session.send(next.call);
    }
  }

  onGone(session: Http2Session, error: Error | undefined): void {
    this.sessions.delete(session);
    if (!session.isReady) this.failWaiting(error);
    else if (this.waiting.length > 0 && !this.isConnecting && !this.isRetired) {
      this.connect(this.waiting[0]?.call.waitsUntil ?? 0);
    }
  }

  sweep(now: number): boolean {
    for (const session of this.sessions) {
      for (const call of session.calls) call.checkTime(now);
      if (!session.isReady && now >= session.connectsUntil) session.destroy(new Error('no connection in time'));
      else if (session.isReady && session.calls.size === 0 && now - session.freeSince >= this.limits.keepAliveMs) {
        session.retire();
      }
    }
    for (const { call, handler } of this.waiting.slice()) {
      if (now < call.waitsUntil && now < call.request.endsAt) continue;
      this.leaveQueue(call);
      const kind = this.isConnecting ? 'connect' : 'overloaded';
      handler.onFailure(upstreamFailure(kind, { internal: 'no connection had room in time' }));
    }
    return this.sessions.size + this.waiting.length > 0;
  }

  retire(): void {
    this.isRetired = true;
    for (const session of this.sessions) session.retire();
  }

  destroy(): void {
    this.isRetired = true;
    for (const session of this.sessions) session.destroy();
    this.failWaiting(new Error('the gateway is stopping'));
  }

  private get isConnecting(): boolean {
    for (const session of this.sessions) if (!session.isReady) return true;
    return false;
  }

  /** A connection that is being opened, or may be, is no queue: it takes many at once when it stands. */
  private get expectedRoom(): number {
    if (!this.isConnecting && this.sessions.size >= this.limits.connections) return 0;
    return this.usesEachOnce ? this.limits.connections - this.sessions.size + 1 : streamsUnlessTold;
  }

  private roomiest(): Http2Session | undefined {
    let best: Http2Session | undefined;
    for (const session of this.sessions) {
      if (session.hasRoom && (best === undefined || session.calls.size < best.calls.size)) best = session;
    }
    return best;
  }

  private connect(until: number): void {
    this.sessions.add(new Http2Session(this.way, this.dial, until, this));
  }

  private failWaiting(error: Error | undefined): void {
    const kind = error?.message === 'no connection in time' ? 'connect' : 'unreachable';
    const internal = errorText(error ?? 'the connection was closed at once');
    for (const { handler } of this.waiting.splice(0)) {
      handler.onFailure(upstreamFailure(kind, { internal, cause: error }));
    }
  }

  private readonly leaveQueue = (call: Http2Call): void => {
    this.waiting = this.waiting.filter((each) => each.call !== call);
  };
}
