import { setTimeout as pause } from 'node:timers/promises';

/** Asks again and again until the answer will do; what takes longer than `withinMs` has failed. */
export async function until<T>(
  ask: () => T | Promise<T>,
  isEnough: (answer: T) => boolean,
  withinMs = 5_000,
): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (isEnough(answer)) return answer;
    if (performance.now() > end) throw new Error(`still ${JSON.stringify(answer)} after ${withinMs} ms`);
    await pause(10);
  }
}
