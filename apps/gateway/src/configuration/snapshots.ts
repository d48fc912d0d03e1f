import type { Snapshot } from './snapshot.js';

/** Says which snapshot is in force. A request asks once, at the edge and the router, and keeps what it got. */
export class Snapshots {
  constructor(private readonly first: Snapshot) {}

  get current(): Snapshot {
    return this.first;
  }
}
