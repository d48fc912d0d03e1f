import { at } from '../at.js';
import type { BalancingPolicy } from '../balancing-policy.js';
import type { Instance } from '../instance.js';

/** Any of them, all equally likely. */
export class Random implements BalancingPolicy {
  constructor(private readonly random: () => number = Math.random) {}

  pick(candidates: readonly Instance[]): Instance {
    return at(candidates, Math.floor(this.random() * candidates.length));
  }
}
