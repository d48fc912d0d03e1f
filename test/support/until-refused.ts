import { setTimeout as wait } from 'node:timers/promises';

import type { Answer } from './client.js';

/** However busy the machine is, by then there is an answer. */
const patienceMs = 15_000;

/**
 * Asks until the answer is 401. Nobody may be let in later than `withinMs` after the call; that a service cannot be asked
 * for a while (503) lets nobody in.
 */
export async function untilRefused(ask: () => Promise<Answer>, withinMs: number): Promise<void> {
  const begun = performance.now();
  for (;;) {
    const askedAt = performance.now() - begun;
    const { status, body } = await ask();
    if (status === 401) return;
    if (status === 200 && askedAt >= withinMs) throw new Error(`let in ${Math.round(askedAt)} ms afterwards`);
    if (status !== 200 && status !== 503) throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
    if (askedAt > patienceMs) throw new Error(`still ${status} after ${Math.round(askedAt)} ms`);
    await wait(20);
  }
}

/** Asks until somebody can tell, and wants to be let in then. */
export async function expectEntry(ask: () => Promise<Answer>): Promise<void> {
  const begun = performance.now();
  for (;;) {
    const { status, body } = await ask();
    if (status === 200) return;
    if (status !== 503 || performance.now() - begun > patienceMs) {
      throw new Error(`not let in: ${status} ${JSON.stringify(body)}`);
    }
    await wait(100);
  }
}
