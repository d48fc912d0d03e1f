/** A timer that is later than this was kept waiting by this process, or by a machine that has no time for it. */
const toleranceMs = 5;

/**
 * How long to wait for somebody else. Time in which this process did not run does not count, once: an answer may
 * have come meanwhile and be waiting to be read, and on a machine that is too busy it is not the other one's fault.
 */
export class Budget {
  private readonly startedAt = performance.now();
  private timer: NodeJS.Timeout | NodeJS.Immediate;

  constructor(
    private readonly budgetMs: number,
    private readonly onSpent: () => void,
  ) {
    this.timer = setTimeout(this.onTimer, budgetMs);
  }

  stop(): void {
    clearTimeout(this.timer as NodeJS.Timeout);
    clearImmediate(this.timer as NodeJS.Immediate);
  }

  private readonly onTimer = (): void => {
    const lateMs = performance.now() - this.startedAt - this.budgetMs;
    this.timer =
      lateMs > toleranceMs ? setTimeout(this.onSpent, Math.min(lateMs, this.budgetMs)) : setImmediate(this.onSpent);
  };
}
