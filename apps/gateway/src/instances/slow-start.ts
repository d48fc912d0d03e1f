import type { InstanceState } from './instance.js';

/** Even at the very start it gets something, or its caches would never warm up. */
const smallestRamp = 0.1;
const steps = 20;

/** Which part of its share an instance gets that became fit a while ago: from a tenth up to 1. */
export function rampOf({ fitSince }: InstanceState, slowStartMs: number, now: number): number {
  const elapsedMs = now - fitSince;
  return elapsedMs >= slowStartMs ? 1 : Math.max(smallestRamp, elapsedMs / slowStartMs);
}

/** How long a share that was worked out holds while it grows. */
export const rampStepMs = (slowStartMs: number): number => slowStartMs / steps;
