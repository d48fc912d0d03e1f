import { setTimeout as wait } from 'node:timers/promises';

/** A request that a limit let in, as its client saw it. */
export interface Admission {
  readonly sentAt: number;
  readonly answeredAt: number;
}

export interface Burst {
  admitted: number;
  fewestWindows: number;
  mostWindows: number;
}

/** Whether each window of a burst can have admitted exactly the quota. */
export const isExact = ({ admitted, fewestWindows, mostWindows }: Burst, quota: number): boolean =>
  admitted % quota === 0 && admitted >= fewestWindows * quota && admitted <= mostWindows * quota;

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
   * Fixed windows, told apart by the time after one is spent, in which nobody is let in. On a busy machine a window may
   * be spent so slowly that there is hardly any: then several make one burst, and its length tells how many.
   */
  bursts(windowMs: number, from = -Infinity): Burst[] {
    const bursts: Burst[] = [];
    let first: Admission | undefined;
    let lastAnsweredAt = -Infinity;
    for (const admission of this.sent(from)) {
      if (first === undefined || admission.sentAt - lastAnsweredAt > windowMs / 2) {
        first = admission;
        bursts.push({ admitted: 0, fewestWindows: 1, mostWindows: 1 });
      }
      lastAnsweredAt = Math.max(lastAnsweredAt, admission.answeredAt);
      const burst = bursts.at(-1) as Burst;
      burst.admitted++;
      // The first request opens the first window, some time between being sent and being answered.
      burst.fewestWindows = 1 + Math.floor(Math.max(0, admission.sentAt - first.answeredAt) / windowMs);
      burst.mostWindows = 1 + Math.floor((lastAnsweredAt - first.sentAt) / windowMs);
    }
    return bursts;
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
