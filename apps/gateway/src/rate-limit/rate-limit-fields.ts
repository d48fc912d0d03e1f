import type { LimitState } from '@libs/redis';

const seconds = (ms: number): number => Math.ceil(ms / 1_000);

/**
 * Adds the fields `RateLimit-Policy` and `RateLimit` of draft-ietf-httpapi-ratelimit-headers-10 to what an
 * earlier stage wrote: quota `q` per window `w`, `r` remaining, more of it in `t` seconds. Names of limits are
 * lower case letters, digits and dashes, so nothing needs escaping.
 */
export function addRateLimitFields(headers: Record<string, string>, states: readonly LimitState[]): void {
  for (const { name, quota, windowMs, remaining, resetMs } of states) {
    append(headers, 'ratelimit-policy', `"${name}";q=${quota};w=${seconds(windowMs)}`);
    append(headers, 'ratelimit', `"${name}";r=${remaining};t=${seconds(resetMs)}`);
  }
}

function append(headers: Record<string, string>, name: string, item: string): void {
  const before = headers[name];
  headers[name] = before === undefined ? item : `${before}, ${item}`;
}

export const retryAfter = (ms: number): string => String(Math.max(1, seconds(ms)));
