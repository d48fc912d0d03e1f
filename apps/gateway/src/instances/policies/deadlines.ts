import type { Instance } from '../instance.js';

/**
 * Earliest deadline first: each request moves an instance's deadline on by 1 / share, so that one with twice the share
 * is due twice as often, and its requests are spread among those of the others.
 */
export class Deadlines {
  /** That of the last pick. */
  private time = 0;

  constructor(private readonly random: () => number) {}

  /** Who comes or comes back is due somewhere within its first turn: neither owed what it missed nor put last. */
  admit(candidates: readonly Instance[]): void {
    for (const { state } of candidates) {
      const turn = 1 / state.share;
      if (state.deadline < this.time || state.deadline > this.time + turn) {
        state.deadline = this.time + turn * this.random();
      }
    }
  }

  advance({ state }: Instance): void {
    if (state.deadline > this.time) this.time = state.deadline;
    state.deadline = this.time + 1 / state.share;
  }
}
