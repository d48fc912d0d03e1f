import { at } from '../at.js';
import type { BalancingPolicy } from '../balancing-policy.js';
import type { Instance } from '../instance.js';

/** One after the other, whatever their weights. One that starts slowly is passed over now and then. */
export class RoundRobin implements BalancingPolicy {
  private candidates: readonly Instance[] = [];
  private isAnyRamping = false;
  private turn: number;

  constructor(private readonly random: () => number) {
    // Gateways that start together do not all begin with the same instance.
    this.turn = Math.floor(random() * 1_000_000);
  }

  use(candidates: readonly Instance[]): void {
    this.candidates = candidates;
    this.isAnyRamping = candidates.some(({ state }) => state.ramp < 1);
  }

  pick(): Instance {
    let instance = this.next();
    if (!this.isAnyRamping) return instance;
    for (let passed = 0; passed < this.candidates.length && this.random() >= instance.state.ramp; passed++) {
      instance = this.next();
    }
    return instance;
  }

  private next(): Instance {
    this.turn = (this.turn + 1) % Number.MAX_SAFE_INTEGER;
    return at(this.candidates, this.turn % this.candidates.length);
  }
}
