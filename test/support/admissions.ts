import { setTimeout as wait } from 'node:timers/promises';

/** A request that a limit let in, as its client saw it. */
export interface Admission {
  readonly sentAt: number;
  readonly answeredAt: number;
  /** What the limiter said to remain after it. */
  readonly remaining: number;
}

/**
 * What was let in, judged without a clock of one's own: when requests arrive somewhere, or are answered, is not when
 * they were let in, and on a busy machine not near it either.
 */
export class Admissions {
  private readonly all: Admission[] = [];

  add(admission: Admission): void {
    if (!Number.isInteger(admission.remaining)) throw new Error('the limiter has not said what remains');
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
   * How many windows were filled to the last unit, and began. A limiter that counts says each number from quota - 1 to
   * 0 once in a window: if it says them equally often, each window has admitted exactly the quota.
   */
  windows(
    quota: number,
    from = -Infinity,
  ): { readonly filled: number; readonly begun: number; readonly odd: string[] } {
    const times = Array.from({ length: quota }, () => 0);
    for (const { remaining, sentAt } of this.all) {
      if (sentAt >= from) times[remaining] = (times[remaining] ?? 0) + 1;
    }
    const filled = times[0] ?? 0;
    const begun = times[quota - 1] ?? 0;
    // Of a window that is not full yet, only the larger numbers were said.
    const odd = times.flatMap((count, remaining) => {
      const above = times[remaining + 1] ?? begun;
      return count < filled || count > begun || count > above ? [`${remaining} remained ${count} times`] : [];
    });
    return { filled, begun, odd };
  }

  /** The most that were certainly let in within one time so long: sent after it began, and answered before it ended. */
  mostWithin(lengthMs: number, from = -Infinity): number {
    const sent = this.all.filter(({ sentAt }) => sentAt >= from).toSorted((a, b) => a.sentAt - b.sentAt);
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
}
