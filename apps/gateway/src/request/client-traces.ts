import { Counter } from 'prom-client';

import type { Metrics } from '@libs/observability';

/**
 * Clients may ask that their traces are recorded, and get it, but only so many a second: the gateway does not know who
 * they are when it decides, and recording costs every process behind it.
 */
export class ClientTraces {
  private readonly unfollowed: Counter;
  private left: number;
  private filledAt: number;

  constructor(
    private readonly perSecond: number,
    metrics: Metrics,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.left = perSecond;
    this.filledAt = now();
    this.unfollowed = metrics.own(
      'gateway_traces_unfollowed_total',
      (registers) =>
        new Counter({
          name: 'gateway_traces_unfollowed_total',
          help: 'Requests whose clients asked for a recorded trace, and got none because too many ask',
          registers,
        }),
    );
  }

  readonly mayAsk = (): boolean => {
    const now = this.now();
    this.left = Math.min(this.perSecond, this.left + ((now - this.filledAt) / 1000) * this.perSecond);
    this.filledAt = now;
    if (this.left >= 1) {
      this.left -= 1;
      return true;
    }
    this.unfollowed.inc();
    return false;
  };
}
