import type { LimitPolicy, LimitState } from '@libs/rate-limits';

import type { RouteLimit } from './route-limit.js';

const seconds = (ms: number): number => Math.ceil(ms / 1_000);

/** How the field RateLimit-Policy tells a limit: quota `q` per window `w`, or so many requests at once. */
export const policyField = ({ name, algorithm, quota, windowMs }: LimitPolicy): string =>
  algorithm === 'concurrency'
    ? `"${name}";q=${quota};qu="concurrent-requests"`
    : `"${name}";q=${quota};w=${seconds(windowMs)}`;

const stateField = ({ name, windowMs, remaining, resetMs }: LimitState): string =>
  windowMs === undefined ? `"${name}";r=${remaining}` : `"${name}";r=${remaining};t=${seconds(resetMs)}`;

/**
 * Adds the fields `RateLimit-Policy` and `RateLimit` of draft-ietf-httpapi-ratelimit-headers-10 to what an
 * earlier stage wrote: `r` remaining, more of it in `t` seconds. Names of limits are lower case letters, digits
 * and dashes, so nothing needs escaping. `limits` and `states` are of the same order.
 */
export function addRateLimitFields(
  headers: Record<string, string>,
  limits: readonly RouteLimit[],
  states: readonly LimitState[],
): void {
  let policies = headers['ratelimit-policy'] ?? '';
  let remaining = headers['ratelimit'] ?? '';
  for (let index = 0; index < limits.length; index++) {
    const limit = limits[index] as RouteLimit;
    if (limit.policyField === '') continue;
    const comma = policies === '' ? '' : ', ';
    policies += comma + limit.policyField;
    remaining += comma + stateField(states[index] as LimitState);
  }
  if (policies === '') return;
  headers['ratelimit-policy'] = policies;
  headers['ratelimit'] = remaining;
}

export const retryAfter = (ms: number): string => String(Math.max(1, seconds(ms)));
