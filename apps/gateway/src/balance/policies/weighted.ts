import { at } from '../at.js';
import type { BalancingPolicy } from '../balancing-policy.js';
import type { Instance } from '../instance.js';

/**
 * Smooth weighted round-robin, as in nginx: in every round each instance saves up its weight and the richest
 * pays for all. Weights 5, 1, 1 give a a b a c a a rather than five requests in a row to one instance.
 */
export class SmoothWeighted implements BalancingPolicy {
  pick(candidates: readonly Instance[]): Instance {
    let total = 0;
    let richest = at(candidates, 0);
    for (const instance of candidates) {
      total += instance.model.weight;
      instance.state.smoothWeight += instance.model.weight;
      if (instance.state.smoothWeight > richest.state.smoothWeight) richest = instance;
    }
    richest.state.smoothWeight -= total;
    return richest;
  }
}
