import { at } from '../at.js';
import type { Instance } from '../instance.js';

/** Keeps the first of the candidates at hand while their order changes one at a time, in logarithmic time. */
export class InstanceHeap {
  private heap: Instance[] = [];
  /** Where the candidate of a slot is in `heap`. */
  private positions: Uint32Array = new Uint32Array(0);

  constructor(private readonly isBefore: (left: Instance, right: Instance) => boolean) {}

  fill(candidates: readonly Instance[]): void {
    this.heap = [...candidates];
    this.positions = new Uint32Array(candidates.length);
    this.heap.forEach((candidate, position) => this.put(candidate, position));
    for (let position = (this.heap.length >> 1) - 1; position >= 0; position--) this.sink(position);
  }

  get first(): Instance {
    return at(this.heap, 0);
  }

  /** What the order goes by has changed for this candidate. */
  moved({ state }: Instance): void {
    const position = this.positions[state.slot] ?? 0;
    if (!this.rise(position)) this.sink(position);
  }

  private rise(start: number): boolean {
    const instance = at(this.heap, start);
    let position = start;
    while (position > 0) {
      const above = (position - 1) >> 1;
      const parent = at(this.heap, above);
      if (!this.isBefore(instance, parent)) break;
      this.put(parent, position);
      position = above;
    }
    this.put(instance, position);
    return position !== start;
  }

  private sink(start: number): void {
    const instance = at(this.heap, start);
    const { length } = this.heap;
    let position = start;
    for (;;) {
      let below = 2 * position + 1;
      if (below >= length) break;
      if (below + 1 < length && this.isBefore(at(this.heap, below + 1), at(this.heap, below))) below++;
      const child = at(this.heap, below);
      if (!this.isBefore(child, instance)) break;
      this.put(child, position);
      position = below;
    }
    this.put(instance, position);
  }

  private put(instance: Instance, position: number): void {
    this.heap[position] = instance;
    this.positions[instance.state.slot] = position;
  }
}
