/** Further attempts that a service always gets, so that a quiet one may have some at all. */
const alwaysAllowed = 3;

/**
 * Keeps further attempts a small share of what is running. Without it, the moment in which a service cannot keep up
 * is the moment in which it is asked twice as often.
 */
export class RetryBudget {
  private running = 0;
  private retrying = 0;

  begin(): void {
    this.running++;
  }

  end(): void {
    this.running--;
  }

  /** Whether one more attempt may be made; if so, `giveBack` follows. */
  take(percent: number): boolean {
    if (percent === 0 || this.retrying >= Math.max(alwaysAllowed, (this.running * percent) / 100)) return false;
    this.retrying++;
    return true;
  }

  giveBack(): void {
    this.retrying--;
  }
}
