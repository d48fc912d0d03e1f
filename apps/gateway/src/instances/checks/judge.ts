import type { Instance } from '../instance.js';
import type { Verdict } from './check-tally.js';

/** Takes over what the active checks say. False if that was known. */
export function judge({ state, pool }: Instance, verdict: Verdict, now: number): boolean {
  const isFailing = verdict === 'unhealthy';
  if (state.isFailingChecks === isFailing) return false;
  state.isFailingChecks = isFailing;
  if (!isFailing) {
    state.ejection = undefined;
    state.isOnTrial = false;
    state.fitSince = now;
    state.latencyMs = 0;
  }
  pool.changed();
  return true;
}

/**
 * An ejected instance whose checks pass does not wait to the end of a long ejection for its trial. It waits for the
 * first one's length all the same: a check that sees less than the requests do must not bring it back every time.
 */
export function vouchFor({ state, pool }: Instance, now: number): void {
  const { ejection } = state;
  if (ejection === undefined || now >= ejection.until) return;
  if (now < ejection.since + pool.config.health.outliers.ejection) return;
  state.ejection = { ...ejection, until: now };
  pool.changed();
}
