import { at } from '../at.js';
import type { BalancingPolicy } from '../balancing-policy.js';
import type { Instance } from '../instance.js';

/** The one with the fewest unfinished requests; those with equally many take turns. */
export class LeastConnections implements BalancingPolicy {
  private turn = 0;

  pick(candidates: readonly Instance[]): Instance {
    const start = this.turn++ % candidates.length;
    let idlest = at(candidates, start);
    for (let step = 1; step < candidates.length; step++) {
      const instance = at(candidates, (start + step) % candidates.length);
      if (instance.state.inFlight < idlest.state.inFlight) idlest = instance;
    }
    return idlest;
  }
}
