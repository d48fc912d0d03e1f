import type { CheckConfig } from '../../configuration/schema/health.schema.js';

export type Verdict = 'healthy' | 'unhealthy';

/** Counts the results of checks: one alone changes nothing, except the very first. */
export class CheckTally {
  private verdict: Verdict | undefined;
  /** Results in a row that speak against the verdict. */
  private against = 0;
  private passes = 0;

  constructor(private readonly config: Pick<CheckConfig, 'healthyAfter' | 'unhealthyAfter'>) {}

  /** The verdict, if it is another one now. */
  note(hasPassed: boolean): Verdict | undefined {
    const said: Verdict = hasPassed ? 'healthy' : 'unhealthy';
    this.passes = hasPassed ? this.passes + 1 : 0;
    if (said === this.verdict) {
      this.against = 0;
      return undefined;
    }
    this.against++;
    const needed = hasPassed ? this.config.healthyAfter : this.config.unhealthyAfter;
    if (this.verdict !== undefined && this.against < needed) return undefined;
    this.against = 0;
    this.verdict = said;
    return said;
  }

  get isInDoubt(): boolean {
    return this.against > 0;
  }

  /** It has passed as often as it must to be believed. */
  get isSteady(): boolean {
    return this.passes >= this.config.healthyAfter;
  }
}
