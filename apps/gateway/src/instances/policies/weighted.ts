import type { BalancingPolicy } from '../balancing-policy.js';
import type { Instance } from '../instance.js';
import { Deadlines } from './deadlines.js';
import { InstanceHeap } from './instance-heap.js';

/** Smooth weighted round-robin: weights 5, 1, 1 do not give five requests in a row to one instance. */
export class SmoothWeighted implements BalancingPolicy {
  private readonly heap = new InstanceHeap(isDueBefore);
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
}

const isDueBefore = (left: Instance, right: Instance): boolean => left.state.deadline < right.state.deadline;
