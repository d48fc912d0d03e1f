import type { Instance } from './instance.js';
import type { Outcome } from './outcome.js';
import type { PickContext } from './pick-context.js';

/** Chooses among instances that are all fit to be chosen. One object serves one service, so it may remember. */
export interface BalancingPolicy {
  /**
   * From now on choose among `candidates`, each with `state.share` and with its index as `state.slot`. Called when they
   * or their shares have changed, and not while they stay the same. They are never empty.
   */
  use(candidates: readonly Instance[], members: readonly Instance[]): void;
  /** `tried` are the instances that have failed this request; a policy may pick one all the same. */
  pick(context: PickContext, tried: readonly Instance[]): Instance;
  /** A candidate has one unfinished request more, or less. */
  loadChanged?(instance: Instance, difference: 1 | -1): void;
  /** A request was answered, or failed, after so long. */
  heard?(instance: Instance, outcome: Outcome, elapsedMs: number, now: number): void;
}
