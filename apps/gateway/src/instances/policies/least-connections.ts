import type { BalancingPolicy } from '../balancing-policy.js';
import type { Instance } from '../instance.js';
import { Deadlines } from './deadlines.js';
import { InstanceHeap } from './instance-heap.js';

/** The one with the fewest unfinished requests for its share; among those with equally many, as `weighted`. */
export class LeastConnections implements BalancingPolicy {
  private readonly heap = new InstanceHeap(isIdlerThan);
  private readonly deadlines: Deadlines;

  constructor(random: () => number) {
    this.deadlines = new Deadlines(random);
  }

  use(candidates: readonly Instance[]): void {
    this.deadlines.admit(candidates);
    this.heap.fill(candidates);
  }

  pick(): Instance {
    const { first } = this.heap;
    this.deadlines.advance(first);
    this.heap.moved(first);
    return first;
  }

  loadChanged(instance: Instance): void {
    this.heap.moved(instance);
  }
}

function isIdlerThan({ state: left }: Instance, { state: right }: Instance): boolean {
  const difference = left.inFlight * right.share - right.inFlight * left.share;
  return difference === 0 ? left.deadline < right.deadline : difference < 0;
}
