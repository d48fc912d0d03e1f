const jitter = 0.1;

/**
 * Up to a tenth shorter or longer, so that clients that have logged in together do not come back together.
 * `chance` is a number from 0 to 1.
 */
export const jitteredLifetimeMs = (lifetimeMs: number, chance: number): number =>
  Math.round(lifetimeMs * (1 - jitter + 2 * jitter * chance));

/** When the last token that was issued with this lifetime is gone. */
export const longestLifetimeMs = (lifetimeMs: number): number => jitteredLifetimeMs(lifetimeMs, 1);
