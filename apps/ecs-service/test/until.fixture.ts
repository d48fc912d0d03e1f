import { setImmediate } from 'node:timers/promises';

/** Reads again and again until it is as wanted; Jest's own time limit ends a wait in vain. */
export async function until<T>(read: () => Promise<T>, isWanted: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await read();
    if (isWanted(value)) return value;
    await setImmediate();
  }
}
