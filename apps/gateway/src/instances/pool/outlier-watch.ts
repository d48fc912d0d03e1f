import type { OutlierConfig } from '../../configuration/schema/health.schema.js';
import { type Attention, attention as sharedAttention } from '../attention.js';
import type { EjectionReason } from '../ejection.js';
import type { Instance } from '../instance.js';
import type { Outcome } from '../outcome.js';
import type { InstancePool } from './instance-pool.js';

/** How long an instance that refused a connection is left alone. */
const unreachableForMs = 1_000;

/** Learns from real requests which instances do worse than the others, and leaves those alone for a while. */
export class OutlierWatch {
  /** In the window, of all instances together. */
  private heard = 0;
  private failed = 0;
  private windowEndsAt = 0;
  private answeredAt = 0;

  constructor(
    private readonly pool: InstancePool,
    private readonly attention: Pick<Attention, 'missedBy'> = sharedAttention,
  ) {}

  hear(instance: Instance, outcome: Outcome, elapsedMs: number, now: number): void {
    const { state } = instance;
    if (outcome !== 'broken') state.unanswered--;
    if (outcome === 'cancelled') {
      state.nextTrialAt = 0;
      return;
    }
    state.heardAt = now;
    if (now >= this.windowEndsAt) this.openWindow(now);
    if (outcome !== 'broken') {
      this.heard++;
      state.heard++;
    }
    // What was asked before the ejection tells nothing new: it is why the instance is out.
    const isOldNews = state.ejection !== undefined && now - elapsedMs < state.ejection.since;
    if (outcome === 'answered') {
      this.answeredAt = now;
      state.consecutiveFailures = 0;
      if (state.isOnTrial && !isOldNews) this.passTrial(instance, now);
      return;
    }
    this.failed++;
    state.failed++;
    if (isOldNews) return;
    state.consecutiveFailures++;
    const because = this.verdict(instance);
    if (because !== undefined && this.eject(instance, because, now)) return;
    if (outcome === 'unreachable') this.eject(instance, 'unreachable', now);
  }

  /** Many wait for it, it has said nothing for long, and another one has. */
  isStalled({ state }: Instance, now: number): boolean {
    const { stalledAfter, consecutiveFailures } = this.config;
    if (state.unanswered < consecutiveFailures || consecutiveFailures === 0 || stalledAfter === 0) return false;
    return (
      now - Math.max(state.heardAt, this.attention.missedBy(now)) > stalledAfter && this.answeredAt > state.heardAt
    );
  }

  /** False when too many are out already. */
  eject(instance: Instance, because: EjectionReason, now: number): boolean {
    const { state } = instance;
    const { ejection, maxEjection } = this.config;
    let lengthMs = unreachableForMs;
    if (because !== 'unreachable') {
      if (!this.mayEject(instance)) return false;
      if (!state.isOnTrial && now - state.fitSince > maxEjection) state.ejections = 0;
      lengthMs = Math.min(ejection * 2 ** state.ejections++, maxEjection);
      state.consecutiveFailures = 0;
    }
    state.ejection = { because, since: now, until: now + lengthMs };
    state.isOnTrial = true;
    state.nextTrialAt = 0;
    this.forget(instance);
    this.pool.changed();
    this.pool.onEjection(instance, because);
    return true;
  }

  private get config(): OutlierConfig {
    return this.pool.config.health.outliers;
  }

  private verdict({ state }: Instance): EjectionReason | undefined {
    const { consecutiveFailures, errorShare, minRequests } = this.config;
    if (state.isOnTrial && consecutiveFailures + errorShare > 0) return 'failures';
    if (consecutiveFailures > 0 && state.consecutiveFailures >= consecutiveFailures) return 'failures';
    if (errorShare === 0 || state.heard < minRequests || state.failed * 100 < errorShare * state.heard)
      return undefined;
    const [othersFailed, othersHeard] = [this.failed - state.failed, this.heard - state.heard];
    return othersFailed * state.heard * 2 <= state.failed * othersHeard ? 'error-share' : undefined;
  }

  private mayEject(instance: Instance): boolean {
    const { members } = this.pool;
    const isOut = (member: Instance): boolean =>
      member !== instance && member.state.isOnTrial && member.state.ejection?.because !== 'unreachable';
    const out = members.reduce((count, member) => count + (isOut(member) ? 1 : 0), 1);
    return out * 100 <= members.length * this.config.maxEjected;
  }

  private passTrial(instance: Instance, now: number): void {
    const { state } = instance;
    if (state.ejection !== undefined && now < state.ejection.until) return;
    state.isOnTrial = false;
    state.ejection = undefined;
    state.fitSince = now;
    state.latencyMs = 0;
    this.pool.changed();
  }

  private openWindow(now: number): void {
    this.windowEndsAt = now + this.config.window;
    this.heard = 0;
    this.failed = 0;
    for (const { state } of this.pool.members) {
      state.heard = 0;
      state.failed = 0;
    }
  }

  /** When it comes back it is judged by what it does then. */
  private forget({ state }: Instance): void {
    this.heard -= state.heard;
    this.failed -= state.failed;
    state.heard = 0;
    state.failed = 0;
  }
}
