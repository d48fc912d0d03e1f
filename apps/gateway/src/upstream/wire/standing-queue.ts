const windowMs = 200;
/** While everybody has waited for longer than this, the queue only makes them wait. */
const standingMs = 50;
/** Enough to keep connections busy while those that come back are looked at. */
const floor = 32;
const steepest = 0.5;
const gentlest = 0.9;
const growth = 1.1;

/**
 * How many requests may wait for a connection while it is the gateway that keeps them waiting: its event loop has no
 * idle moment, and even the luckiest request of a while has waited for long. More would be done no sooner, and what
 * waits costs memory that is collected again and again. A service that is slow by itself keeps the whole queue.
 */
export class StandingQueue {
  private limit = Infinity;
  private shortestMs = Infinity;
  private windowEnds = 0;

  limitOf(queue: number): number {
    return Math.min(queue, this.limit);
  }

  /** A request has got a connection. */
  note(waitedMs: number): void {
    if (waitedMs < this.shortestMs) this.shortestMs = waitedMs;
  }

  /** Called often. */
  adjust(now: number, waiting: number, isSaturated: boolean): void {
    if (now < this.windowEnds) return;
    this.windowEnds = now + windowMs;
    const { shortestMs } = this;
    this.shortestMs = Infinity;
    if (!isSaturated || shortestMs < standingMs / 2) {
      this.limit *= growth;
    } else if (shortestMs > standingMs && shortestMs !== Infinity) {
      const factor = Math.min(gentlest, Math.max(steepest, standingMs / shortestMs));
      this.limit = Math.max(floor, Math.floor(Math.min(this.limit, waiting) * factor));
    }
  }
}
