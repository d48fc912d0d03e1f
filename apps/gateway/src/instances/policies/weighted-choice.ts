import { at } from '../at.js';
import type { Instance } from '../instance.js';

/** One of the candidates by chance, each as often as its share says, in constant time (Vose's alias method). */
export class WeightedChoice {
  private candidates: readonly Instance[] = [];
  /** How likely the candidate of a slot stands for itself rather than for its alias; empty when all shares are equal. */
  private own = new Float64Array(0);
  private aliases = new Uint32Array(0);

  constructor(private readonly random: () => number) {}

  fill(candidates: readonly Instance[]): void {
    this.candidates = candidates;
    const { length } = candidates;
    const first = at(candidates, 0).state.share;
    if (candidates.every(({ state }) => state.share === first)) {
      this.own = new Float64Array(0);
      return;
    }
    const total = candidates.reduce((sum, { state }) => sum + state.share, 0);
    const own = Float64Array.from(candidates, ({ state }) => (state.share * length) / total);
    this.aliases = new Uint32Array(length);
    const poor = [...own.keys()].filter((slot) => (own[slot] ?? 0) < 1);
    const rich = [...own.keys()].filter((slot) => (own[slot] ?? 0) >= 1);
    while (poor.length > 0 && rich.length > 0) {
      const taker = poor.pop() as number;
      const giver = rich.pop() as number;
      this.aliases[taker] = giver;
      const left = (own[giver] ?? 0) - (1 - (own[taker] ?? 0));
      own[giver] = left;
      (left < 1 ? poor : rich).push(giver);
    }
    // What is left over stands for itself: only rounding kept it from 1.
    for (const slot of [...poor, ...rich]) own[slot] = 1;
    this.own = own;
  }

  next(): Instance {
    const { length } = this.candidates;
    const chance = this.random() * length;
    const slot = Math.floor(chance);
    if (this.own.length === 0 || chance - slot < (this.own[slot] ?? 1)) return at(this.candidates, slot);
    return at(this.candidates, this.aliases[slot] ?? slot);
  }

  /** Another than `first`, unless it is alone. */
  nextBut(first: Instance): Instance {
    const { length } = this.candidates;
    if (this.own.length > 0) {
      const second = this.next();
      if (second !== first) return second;
    }
    const slot = first.state.slot + 1 + Math.floor(this.random() * (length - 1));
    return at(this.candidates, slot % length);
  }
}
