import type { Snapshot } from './snapshot.js';

export type SwapListener = (next: Snapshot, before: Snapshot) => void;

/**
 * Says which snapshot is in force. A request takes it once, at the edge, and keeps it to its end; whoever works for
 * more than one request asks again each time, or listens.
 */
export class Snapshots {
  private readonly listeners = new Set<SwapListener>();
  private inForce: Snapshot;

  constructor(first: Snapshot) {
    this.inForce = first;
  }

  get current(): Snapshot {
    return this.inForce;
  }

  /** From here on every request that comes in meets `next`. */
  swap(next: Snapshot): void {
    const before = this.inForce;
    this.inForce = next;
    for (const listener of this.listeners) listener(next, before);
  }

  /** Returns the function that ends it. */
  onSwap(listener: SwapListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
