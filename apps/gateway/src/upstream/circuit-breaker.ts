import type { Outcome } from '../instances/outcome.js';
import type { BreakerConfig } from '../configuration/schema/forwarding.schema.js';

export const circuitStates = ['closed', 'open', 'half-open'] as const;
export type CircuitState = (typeof circuitStates)[number];

/** Answers 5xx are answers: whoever gives them is alive, and what to do about them is for the balancer to say. */
const failures: ReadonlySet<Outcome> = new Set(['unreachable', 'timeout', 'reset', 'malformed', 'broken']);

/**
 * Stops asking an instance that gives no answers, so that its clients do not wait in vain and it can get its breath
 * back. After a while one request tries it again, and decides for all.
 */
export class CircuitBreaker {
  private state: CircuitState = 'closed';
  private until = 0;
  private inARow = 0;
  private windowEnds = 0;
  private requests = 0;
  private failed = 0;

  constructor(
    public config: BreakerConfig,
    private readonly onOpen: () => void = () => undefined,
  ) {}

  get position(): CircuitState {
    return this.state;
  }

  get isClosed(): boolean {
    return this.state === 'closed';
  }

  /** Whether a request may go. When the time has come, the first one that asks is the trial. */
  admits(now: number): boolean {
    if (this.state === 'closed') return true;
    if (now < this.until) return false;
    this.state = 'half-open';
    // Should the trial never be heard of again, there is another one.
    this.until = now + this.config.openFor;
    return true;
  }

  hear(outcome: Outcome, now: number): void {
    if (outcome === 'cancelled') return;
    const hasFailed = failures.has(outcome);
    if (this.state === 'half-open') {
      if (hasFailed) this.open(now);
      else this.close();
      return;
    }
    if (this.state === 'open') return;
    if (now >= this.windowEnds) {
      this.windowEnds = now + this.config.window;
      this.requests = 0;
      this.failed = 0;
    }
    this.requests++;
    if (!hasFailed) {
      this.inARow = 0;
      return;
    }
    this.failed++;
    this.inARow++;
    if (this.isTooMuch()) this.open(now);
  }

  private isTooMuch(): boolean {
    const { consecutiveFailures, errorShare, minRequests } = this.config;
    if (consecutiveFailures > 0 && this.inARow >= consecutiveFailures) return true;
    return errorShare > 0 && this.requests >= minRequests && this.failed * 100 >= this.requests * errorShare;
  }

  private open(now: number): void {
    this.state = 'open';
    this.until = now + this.config.openFor;
    this.onOpen();
  }

  private close(): void {
    this.state = 'closed';
    this.inARow = 0;
    this.windowEnds = 0;
  }
}
