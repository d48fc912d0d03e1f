import type { CheckConfig } from '../../configuration/schema/health.schema.js';

/** How long until the next check begins, counted from the beginning of this one. */
export function nextCheckInMs(
  { interval, jitter }: Pick<CheckConfig, 'interval' | 'jitter'>,
  isInDoubt: boolean,
  random: () => number,
): number {
  const varied = interval * (1 + ((random() * 2 - 1) * jitter) / 100);
  return isInDoubt ? varied / 4 : varied;
}
