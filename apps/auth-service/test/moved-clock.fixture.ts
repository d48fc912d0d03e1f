import { Clock } from '../src/time/clock.js';

/** The real time, and what a test has added to it. */
export class MovedClock extends Clock {
  private aheadMs = 0;

  override now(): Date {
    return new Date(Date.now() + this.aheadMs);
  }

  advance(ms: number): void {
    this.aheadMs += ms;
  }
}
