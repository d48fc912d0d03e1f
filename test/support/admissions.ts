import { setTimeout as wait } from 'node:timers/promises';

/** A request that a limit let in, as its client saw it. */
export interface Admission {
  readonly sentAt: number;
  readonly answeredAt: number;
}

/**
 * What was let in, judged without a clock of one's own: when requests arrive somewhere, or are answered, is not when
 * they were let in, and on a busy machine not near it either.
 */
export class Admissions {
  private readonly all: Admission[] = [];

  add(admission: Admission): void {
    this.all.push(admission);
  }

  get count(): number {
    return this.all.length;
  }

  /** How many were answered from then on. */
  since(time: number): number {
    return this.all.filter(({ answeredAt }) => answeredAt >= time).length;
  }

  /** Waits until nothing was let in for so long. */
  async silence(ms: number): Promise<void> {
    for (let count = -1; count !== this.all.length;) {
      count = this.all.length;
      await wait(ms);
    }
  }

  /**
   * How many were let in together, with times longer than `gapMs` between in which nobody was waiting for it: between
   * two windows that are spent at once lies nearly all of the first.
   */
  together(gapMs: number, from = -Infinity): number[] {
    const counts: number[] = [];
    let lastAnsweredAt = -Infinity;
    for (const { sentAt, answeredAt } of this.sent(from)) {
      if (sentAt - lastAnsweredAt > gapMs) counts.push(0);
      counts[counts.length - 1] = (counts.at(-1) ?? 0) + 1;
      lastAnsweredAt = Math.max(lastAnsweredAt, answeredAt);
    }
    return counts;
  }

  /** The most that were certainly let in within one time so long: sent after it began, and answered before it ended. */
  mostWithin(lengthMs: number, from = -Infinity): number {
    const sent = this.sent(from);
    let most = 0;
    for (let first = 0; first < sent.length; first++) {
      const endsAt = (sent[first] as Admission).sentAt + lengthMs;
      let inside = 0;
      for (let index = first; index < sent.length; index++) {
        const { sentAt, answeredAt } = sent[index] as Admission;
        if (sentAt >= endsAt) break;
        if (answeredAt < endsAt) inside++;
      }
      most = Math.max(most, inside);
    }
    return most;
  }

  private sent(from: number): readonly Admission[] {
    return this.all.filter(({ sentAt }) => sentAt >= from).toSorted((a, b) => a.sentAt - b.sentAt);
  }
}
