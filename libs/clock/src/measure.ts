import type { AskTime, TimeSource } from './compared-clock.js';

export interface Measurement {
  /** What their clock showed when the own monotonic clock began. */
  readonly theirsAtZero: number;
  /** Half of the round trip: the answer may have been made at either end of it. */
  readonly uncertaintyMs: number;
  /** By the monotonic clock. */
  readonly at: number;
}

const samples = 3;
/** Who answers later than that says nothing about the time. */
const patienceMs = 1_000;

/** Of several samples the one with the shortest round trip, half of which is taken off. */
export async function measure(ask: AskTime, own: TimeSource): Promise<Measurement | 'unanswered' | 'untold'> {
  let best: Measurement | undefined;
  for (let sample = 0; sample < samples; sample += 1) {
    const askedAt = own.monotonic();
    const theirs = await answerTo(ask);
    if (theirs === 'unanswered') return best ?? 'unanswered';
    if (theirs === undefined) return 'untold';
    const at = own.monotonic();
    const uncertaintyMs = (at - askedAt) / 2;
    if (best === undefined || uncertaintyMs < best.uncertaintyMs) {
      best = { theirsAtZero: theirs - askedAt - uncertaintyMs, uncertaintyMs, at };
    }
  }
  return best ?? 'unanswered';
}

async function answerTo(ask: AskTime): Promise<number | undefined | 'unanswered'> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<'unanswered'>((resolve) => {
    timer = setTimeout(() => resolve('unanswered'), patienceMs);
  });
  try {
    return await Promise.race([ask(), patience]);
  } catch {
    // Whether the other side is up is for its own check to say.
    return 'unanswered';
  } finally {
    clearTimeout(timer);
  }
}
