import type { EwmaConfig } from '../../configuration/schema/balance.schema.js';
import type { BalancingPolicy } from '../balancing-policy.js';
import type { Instance, InstanceState } from '../instance.js';
import type { Outcome } from '../outcome.js';
import { WeightedChoice } from './weighted-choice.js';

/** By less than this factor latencies differ by chance, and chance shall not take an instance its share. */
const noise = 0.75;

/** Slower than this many times the usual is not worse: it gets nothing but exploration either way, and is sooner back. */
const slowest = 10;
/** How much one answer says about what is usual. */
const newsWeight = 0.02;

/**
 * The one of two, named by chance, that is likely to answer sooner: its recent latency times the requests before this
 * one. A slower answer counts at once, a faster one by and by. Some requests go where chance says: without them nobody
 * would notice that a slow instance is fast again.
 */
export class PeakEwma implements BalancingPolicy {
  private readonly choice: WeightedChoice;
  private readonly exploration: number;
  private meanShare = 1;
  private isAlone = false;
  private usualMs = 0;

  constructor(
    private readonly config: EwmaConfig,
    private readonly random: () => number,
  ) {
    this.choice = new WeightedChoice(random);
    this.exploration = config.exploration / 100;
  }

  use(candidates: readonly Instance[]): void {
    this.isAlone = candidates.length === 1;
    this.meanShare = candidates.reduce((sum, { state }) => sum + state.share, 0) / candidates.length;
    this.choice.fill(candidates);
  }

  pick(): Instance {
    const first = this.choice.next();
    if (this.isAlone || this.random() < this.exploration) return first;
    const second = this.choice.nextBut(first);
    return this.costOf(second.state) < this.costOf(first.state) * noise ? second : first;
  }

  heard({ state }: Instance, outcome: Outcome, elapsedMs: number, now: number): void {
    // Failing fast is not being fast.
    const measured = outcome === 'answered' ? elapsedMs : Math.max(elapsedMs, state.latencyMs * 2);
    const sample = this.usualMs === 0 ? measured : Math.min(measured, this.usualMs * slowest);
    if (outcome === 'answered') this.usualMs += (sample - this.usualMs) * (this.usualMs === 0 ? 1 : newsWeight);
    const age = now - state.latencyAt;
    state.latencyAt = now;
    if (sample >= state.latencyMs) state.latencyMs = sample;
    else state.latencyMs = sample + (state.latencyMs - sample) * Math.exp(-age / this.config.decay);
  }

  private costOf({ latencyMs, inFlight, share }: InstanceState): number {
    return latencyMs * (1 + (inFlight * this.meanShare) / share);
  }
}
