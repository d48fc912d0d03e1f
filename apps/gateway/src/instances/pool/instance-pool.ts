import type { ServiceConfig } from '../../configuration/schema/service.schema.js';
import type { BalancingPolicy } from '../balancing-policy.js';
import type { EjectionReason } from '../ejection.js';
import type { Instance, InstanceModel } from '../instance.js';
import { statusOf } from '../instance-status.js';
import { membershipOf } from './membership.js';
import { selectCandidates, returnOf } from './select-candidates.js';
import { OutlierWatch } from './outlier-watch.js';
import type { Outcome } from '../outcome.js';
import type { PickContext } from '../pick-context.js';
import { policyFor } from '../policies/policy-for.js';
import { rampOf, rampStepMs } from '../slow-start.js';

/**
 * The living side of a service: its instances and how they do. It outlives snapshots, so that an instance which stays
 * keeps what is known about it. Who may be chosen is worked out when something has changed, not per request.
 */
export class InstancePool {
  members: readonly Instance[] = [];
  isInPanic = false;
  /** Told about every ejection. */
  onEjection: (instance: Instance, because: EjectionReason) => void = () => undefined;

  private policy: BalancingPolicy;
  private readonly outliers = new OutlierWatch(this);
  private candidates: readonly Instance[] = [];
  private trials: readonly Instance[] = [];
  /** From then on `candidates` may be wrong. */
  private staleAt = 0;
  private turn = 0;

  constructor(
    readonly name: string,
    public config: ServiceConfig,
    private readonly random: () => number = Math.random,
  ) {
    this.policy = policyFor(config, random);
  }

  /** Takes over what a snapshot says. Only the first instances start fast. */
  adopt(
    { config, models }: { config: ServiceConfig; models: readonly InstanceModel[] },
    now = performance.now(),
  ): void {
    const isFirst = this.members.length === 0;
    const { members, added, gone } = membershipOf(this, models);
    if (!isFirst) for (const { state } of added) state.fitSince = now;
    for (const member of gone) member.isGone = true;
    if (policyKey(config) !== policyKey(this.config)) this.policy = policyFor(config, this.random);
    // Until the next pick the policy does not know them: it is told of no changes of theirs.
    for (const { state } of this.members) state.slot = -1;
    this.members = members;
    this.config = config;
    this.changed();
  }

  /** No snapshot in force names the service. Requests that are under way may still choose among its instances. */
  retire(): void {
    for (const member of this.members) member.isGone = true;
  }

  /** Something about a member has changed that decides who may be chosen. */
  changed(): void {
    this.staleAt = 0;
  }

  /** Counts the request as one of the instance's. Undefined when there is none to choose. */
  pick(context: PickContext, tried: readonly Instance[], now: number): Instance | undefined {
    this.refresh(now);
    let instance = this.choose(context, tried, now);
    if (
      instance !== undefined &&
      this.outliers.isStalled(instance, now) &&
      this.outliers.eject(instance, 'stalled', now)
    ) {
      this.refresh(now);
      instance = this.choose(context, tried, now);
    }
    if (instance === undefined) return undefined;
    const { state } = instance;
    if (state.unanswered++ === 0) state.heardAt = now;
    state.inFlight++;
    if (state.slot >= 0) this.policy.loadChanged?.(instance, 1);
    return instance;
  }

  report(instance: Instance, outcome: Outcome, elapsedMs: number, now: number): void {
    this.outliers.hear(instance, outcome, elapsedMs, now);
    if (outcome !== 'cancelled' && outcome !== 'broken') this.policy.heard?.(instance, outcome, elapsedMs, now);
  }

  release(instance: Instance): void {
    const { state } = instance;
    state.inFlight--;
    // Of what is over nothing will be heard any more, even if nobody reported it.
    if (state.unanswered > state.inFlight) state.unanswered = state.inFlight;
    if (state.slot >= 0) this.policy.loadChanged?.(instance, -1);
  }

  /** Whether an instance is fit, or may be. In panic others are asked as well, and nobody knows what comes of it. */
  isAvailable(now: number): boolean {
    return this.members.some((member) => ['fit', 'trial'].includes(statusOf(member, now)));
  }

  /** Milliseconds until the next one that is out may be back; 0 when there is none. */
  returnsInMs(now: number): number {
    const at = returnOf(this.members, now);
    return Number.isFinite(at) ? at - now : 0;
  }

  private refresh(now: number): void {
    if (now < this.staleAt) return;
    const { candidates, trials, isPanic, until } = selectCandidates(this.members, this.config.health.panicBelow, now);
    const { slowStart } = this.config;
    let isRamping = false;
    for (const { state } of this.members) state.slot = -1;
    candidates.forEach((candidate, slot) => {
      const { state } = candidate;
      state.slot = slot;
      state.ramp = rampOf(state, slowStart, now);
      state.share = candidate.weight * state.ramp;
      isRamping ||= state.ramp < 1;
    });
    this.candidates = candidates;
    this.trials = trials;
    this.isInPanic = isPanic;
    this.staleAt = isRamping ? Math.min(until, now + rampStepMs(slowStart)) : until;
    if (candidates.length > 0) this.policy.use(candidates, this.members);
  }

  private choose(context: PickContext, tried: readonly Instance[], now: number): Instance | undefined {
    // Those on trial are asked as often as their number says: their way back does not depend on the policy.
    if (this.trials.length > 0 && ++this.turn % (this.candidates.length + this.trials.length) === 0) {
      const trial = this.dueTrial(tried, now);
      if (trial !== undefined) return trial;
    }
    if (this.candidates.length === 0) return undefined;
    const instance = this.policy.pick(context, tried);
    if (tried.length === 0 || !tried.includes(instance)) return instance;
    return this.another(tried) ?? this.dueTrial(tried, now);
  }

  private dueTrial(tried: readonly Instance[], now: number): Instance | undefined {
    const trial = this.trials.find((each) => each.state.nextTrialAt <= now && !tried.includes(each));
    if (trial !== undefined) trial.state.nextTrialAt = now + this.config.health.outliers.ejection;
    return trial;
  }

  /** The least busy of those that are left. */
  private another(tried: readonly Instance[]): Instance | undefined {
    let idlest: Instance | undefined;
    for (const candidate of this.candidates) {
      if (tried.includes(candidate)) continue;
      if (idlest === undefined || candidate.state.inFlight < idlest.state.inFlight) idlest = candidate;
    }
    return idlest;
  }
}

/** Two configurations with the same key are served by one policy, with what it remembers. */
const policyKey = ({ balance, hash, ewma }: ServiceConfig): string => JSON.stringify([balance, hash, ewma]);
