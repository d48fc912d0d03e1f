import type { Instance } from './instance.js';

/**
 * - fit: gets its share
 * - trial: gets one request at a time, until one goes well
 * - unreachable: could not be connected to a moment ago
 * - unhealthy: fails its active checks
 * - ejected: failed too many requests
 * - draining: finishes what it has; the operator wants it so
 */
export const instanceStatuses = ['fit', 'trial', 'unreachable', 'unhealthy', 'ejected', 'draining'] as const;
export type InstanceStatus = (typeof instanceStatuses)[number];

export function statusOf({ state }: Instance, now: number): InstanceStatus {
  if (state.isDrained) return 'draining';
  const ejection = now < (state.ejection?.until ?? 0) ? state.ejection : undefined;
  if (ejection?.because === 'unreachable') return 'unreachable';
  if (state.isFailingChecks) return 'unhealthy';
  if (ejection !== undefined) return 'ejected';
  return state.isOnTrial ? 'trial' : 'fit';
}
