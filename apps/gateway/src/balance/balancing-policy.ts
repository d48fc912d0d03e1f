import type { Instance } from './instance.js';

/** Chooses among instances that are all fit to be chosen. One object serves one service, so it may remember. */
export interface BalancingPolicy {
  /** `candidates` is never empty. */
  pick(candidates: readonly Instance[]): Instance;
}
