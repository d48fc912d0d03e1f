import { at } from '../at.js';
import type { Instance } from '../instance.js';
import { hashText } from './hash-text.js';

/** The more points, the more even the shares: with 160 for an average weight they differ by about 8 %. */
const pointsPerInstance = 160;

/** More than there can be owners: a point and its owner together are one number. */
const ownersAtMost = 2 ** 16;

/** Each instance has points on a circle, as many as its weight says. A key belongs to the first point after it. */
export class HashRing {
  private constructor(
    private readonly points: Uint32Array,
    private readonly owners: readonly Instance[],
  ) {}

  static of(members: readonly Instance[]): HashRing {
    const meanWeight = members.reduce((sum, { weight }) => sum + weight, 0) / members.length;
    const placed = members.flatMap(({ model, weight }, owner) =>
      Array.from(
        { length: Math.max(1, Math.round((pointsPerInstance * weight) / meanWeight)) },
        (_, index) => hashText(`${model.origin}#${index}`) * ownersAtMost + owner,
      ),
    );
    // Numbers alone are sorted many times faster than objects: while it sorts, the gateway does nothing else.
    const sorted = Float64Array.from(placed).sort();
    return new HashRing(
      Uint32Array.from(sorted, (place) => place / ownersAtMost),
      Array.from(sorted, (place) => at(members, place % ownersAtMost)),
    );
  }

  get length(): number {
    return this.points.length;
  }

  /** The index of the first point at or after `hash`. */
  indexOf(hash: number): number {
    let low = 0;
    let high = this.points.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.points[middle] ?? 0) < hash) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Counts on around the circle. */
  ownerAt(index: number): Instance | undefined {
    return this.owners[index % this.owners.length];
  }
}
