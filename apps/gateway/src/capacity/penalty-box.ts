import { Injectable, type OnApplicationShutdown } from '@nestjs/common';

import { Refusal } from '@libs/errors';

/**
 * So many connections a millisecond are read again. A refusal costs nearly half of an answer, most of it in the system
 * call that sends it: this is a tenth of what a process can do (docs/decisions/0022-overload.md).
 */
const perMs = 2.5;
const tickMs = 5;
/** What a turn of the event loop that took longer does not make up for: that would be the next long turn. */
const longestTickMs = 10;

interface Held {
  pause(): unknown;
  resume(): unknown;
}

/**
 * Connections that were refused for overload, and are not read for a while. Clients that ask again at once would
 * otherwise have this process do nothing but refuse; what they send stays in the network until there is time for it.
 * They are let go one after the other: when few are refused that is at once, and when thousands are after seconds.
 */
@Injectable()
export class PenaltyBox implements OnApplicationShutdown {
  private readonly held = new Set<Held>();
  private readonly refusals = new Map<string, Refusal>();
  private timer: NodeJS.Timeout | undefined = undefined;
  private tickedAt = 0;
  /** A part of a connection that the last tick was owed. */
  private rest = 0;

  constructor(private readonly now: () => number = () => performance.now()) {}

  get size(): number {
    return this.held.size;
  }

  /**
   * What is answered now: it says how long to wait, and clients that heed it never notice that nobody reads. One object
   * for all that are told the same: to find out where it was made would cost more than the rest of the refusal.
   */
  refusal(code: 'SERVICE_OVERLOADED' | 'UPSTREAM_UNAVAILABLE', internal: string): Refusal {
    const seconds = 1 + Math.floor(this.held.size / perMs / 1_000);
    const key = `${code} ${seconds} ${internal}`;
    let refusal = this.refusals.get(key);
    if (refusal === undefined) {
      refusal = new Refusal(code, { headers: { 'retry-after': String(seconds) }, internal });
      this.refusals.set(key, refusal);
    }
    return refusal;
  }

  hold(socket: Held): void {
    if (this.held.has(socket)) return;
    this.held.add(socket);
    socket.pause();
    if (this.timer !== undefined) return;
    this.tickedAt = this.now();
    this.timer = setInterval(this.tick, tickMs).unref();
  }

  onApplicationShutdown(): void {
    this.letGo(Infinity);
  }

  readonly tick = (): void => {
    const now = this.now();
    const owed = Math.min(now - this.tickedAt, longestTickMs) * perMs + this.rest;
    this.tickedAt = now;
    this.rest = owed % 1;
    this.letGo(Math.floor(owed));
  };

  /** Those that have been held longest. */
  private letGo(most: number): void {
    let count = 0;
    for (const socket of this.held) {
      if (count++ >= most) return;
      this.held.delete(socket);
      socket.resume();
    }
    clearInterval(this.timer);
    this.timer = undefined;
    this.rest = 0;
  }
}
