import type { BalancingPolicy } from '../balancing-policy.js';
import type { Instance } from '../instance.js';
import { WeightedChoice } from './weighted-choice.js';

/** Any of them, each as likely as its share. */
export class Random implements BalancingPolicy {
  private readonly choice: WeightedChoice;

  constructor(random: () => number) {
    this.choice = new WeightedChoice(random);
  }

  use(candidates: readonly Instance[]): void {
    this.choice.fill(candidates);
  }

  pick(): Instance {
    return this.choice.next();
  }
}
