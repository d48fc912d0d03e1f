import type { AnswerHandler, UpstreamCall, UpstreamRequest } from '../wire/upstream-call.js';
import type { Http1Connection } from './connection.js';

/**
 * One request to an instance, from the queue to the end of its answer. It knows its connection only in between: who
 * still holds an old call cannot reach the request that came after it on the same connection.
 */
export class Http1Call implements UpstreamCall {
  connection: Http1Connection | undefined = undefined;

  constructor(
    readonly request: UpstreamRequest,
    readonly handler: AnswerHandler,
    /** When waiting for a connection has lasted too long. */
    readonly waitsUntil: number,
    private readonly leaveQueue: (call: Http1Call) => void,
  ) {}

  pause(): void {
    this.connection?.pause();
  }

  resume(): void {
    this.connection?.resume();
  }

  becomeStream(): void {
    this.connection?.becomeStream();
  }

  abort(): void {
    if (this.connection === undefined) this.leaveQueue(this);
    else this.connection.abandon();
  }
}
