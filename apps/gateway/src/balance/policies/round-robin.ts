import type { BalancingPolicy } from '../balancing-policy.js';
import { at } from '../at.js';
import type { Instance } from '../instance.js';

/** One after the other. */
export class RoundRobin implements BalancingPolicy {
  private turn = 0;

  pick(candidates: readonly Instance[]): Instance {
    this.turn = (this.turn + 1) % Number.MAX_SAFE_INTEGER;
    return at(candidates, (this.turn - 1) % candidates.length);
  }
}
