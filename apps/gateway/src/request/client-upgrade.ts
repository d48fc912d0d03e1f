import type { Duplex } from 'node:stream';

/** A client that asks for a WebSocket. Until it gets one, its request is a request like all others. */
export interface ClientUpgrade {
  /** Header fields that the instance must see in place of those of the client. */
  readonly headers: readonly string[];
  /** What the client has sent already of what comes after the request. */
  readonly ahead: Buffer;
  /** Tells the client that it has what it asked for. What follows is the WebSocket's. */
  accept(answerHeaders: readonly string[]): Duplex;
}
