import type { BalancingPolicy } from '../balancing-policy.js';
import type { Instance } from '../instance.js';
import { WeightedChoice } from './weighted-choice.js';

/**
 * The less busy of two that chance names (Mitzenmacher 2001). Almost as even as the least busy of all, and gateways
 * that know nothing of one another do not all run to the same instance.
 */
export class PowerOfTwo implements BalancingPolicy {
  private readonly choice: WeightedChoice;
  private isAlone = false;

  constructor(random: () => number) {
    this.choice = new WeightedChoice(random);
  }

  use(candidates: readonly Instance[]): void {
    this.isAlone = candidates.length === 1;
    this.choice.fill(candidates);
  }

  pick(): Instance {
    const first = this.choice.next();
    if (this.isAlone) return first;
    const second = this.choice.nextBut(first);
    return second.state.inFlight * first.state.share < first.state.inFlight * second.state.share ? second : first;
  }
}
