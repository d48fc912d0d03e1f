import { Refusal } from '@libs/errors';

import { type Measurement, measure } from './measure.js';

/** What a process reads the time from, in milliseconds: the wall clock may jump, the monotonic one never does. */
export interface TimeSource {
  readonly wall: () => number;
  readonly monotonic: () => number;
}

export const ownTime: TimeSource = { wall: () => Date.now(), monotonic: () => performance.now() };

/** Milliseconds since 1970 by somebody else's clock; undefined: they do not tell. */
export type AskTime = () => Promise<number | undefined>;

/** How far the own clock is from another one: positive where it is ahead. */
export interface ClockComparison {
  readonly against: string;
  readonly differenceMs: number;
  readonly isTooMuch: boolean;
}

interface Reference {
  readonly against: string;
  readonly ask: AskTime;
  /** Whose clock decides whenever it answers: what is checked here are its times. */
  readonly decides: boolean;
  measured: Measurement | undefined;
}

/** What was measured longer ago says nothing any more: a machine may have slept meanwhile. */
const goodForMs = 5 * 60_000;

/**
 * The clock of this process beside those that it shares with others. Between two measurements the difference is known
 * from the monotonic clock, so that a wall clock that jumps is noticed at once and without asking anybody.
 */
export class ComparedClock {
  private readonly references: Reference[] = [];

  constructor(
    readonly leewayMs = 5_000,
    private readonly own: TimeSource = ownTime,
  ) {}

  add(against: string, ask: AskTime, { decides = false } = {}): void {
    this.references.push({ against, ask, decides, measured: undefined });
  }

  get hasReferences(): boolean {
    return this.references.length > 0;
  }

  /** Asks all references, and resolves to whether all have answered. What is known of one that has not stays as it is. */
  async measure(): Promise<boolean> {
    const answered = await Promise.all(
      this.references.map(async (reference) => {
        const measured = await measure(reference.ask, this.own);
        if (measured === 'untold') reference.measured = undefined;
        else if (measured !== 'unanswered') reference.measured = measured;
        return measured !== 'unanswered';
      }),
    );
    return answered.every(Boolean);
  }

  /** With every reference that is known. */
  comparisons(): ClockComparison[] {
    return this.references.flatMap((reference) => this.compare(reference) ?? []);
  }

  /**
   * With the reference that is believed: the one that decides, or else the one that agrees most with this process,
   * because two clocks that agree are right rather than a third. Undefined while there is nobody to compare with.
   */
  believed(): ClockComparison | undefined {
    let believed: ClockComparison | undefined;
    for (const reference of this.references) {
      const comparison = this.compare(reference);
      if (comparison === undefined) continue;
      if (reference.decides) return comparison;
      if (believed === undefined || Math.abs(comparison.differenceMs) < Math.abs(believed.differenceMs)) {
        believed = comparison;
      }
    }
    return believed;
  }

  get isOff(): boolean {
    return this.believed()?.isTooMuch === true;
  }

  /** Milliseconds since 1970: by the own clock, or by the one that is believed while that is off. */
  now(): number {
    const believed = this.believed();
    return this.own.wall() - (believed?.isTooMuch === true ? believed.differenceMs : 0);
  }

  /** The later of the two that `now` chooses from: for whoever asks whether something is over. */
  latest(): number {
    return Math.max(this.own.wall(), this.now());
  }

  /** The earlier one: for whoever asks whether something has begun. */
  earliest(): number {
    return Math.min(this.own.wall(), this.now());
  }

  /** For work that depends on the time: what it would do could not be put right later. */
  refuseIfOff(): void {
    const believed = this.believed();
    if (believed?.isTooMuch !== true) return;
    throw new Refusal('SERVICE_CLOCK_WRONG', { internal: `this clock is ${inWords(believed)}` });
  }

  private compare({ against, measured }: Reference): ClockComparison | undefined {
    if (measured === undefined || measured.at < this.own.monotonic() - goodForMs) return undefined;
    const differenceMs = this.own.wall() - this.own.monotonic() - measured.theirsAtZero;
    return { against, differenceMs, isTooMuch: Math.abs(differenceMs) - measured.uncertaintyMs > this.leewayMs };
  }
}

/** `600.0 s ahead of database`. */
export function inWords({ against, differenceMs }: ClockComparison): string {
  const seconds = (Math.abs(differenceMs) / 1_000).toFixed(1);
  return `${seconds} s ${differenceMs < 0 ? 'behind' : 'ahead of'} ${against}`;
}
