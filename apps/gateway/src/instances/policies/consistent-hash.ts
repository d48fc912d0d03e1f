import type { HashConfig } from '../../configuration/schema/balance.schema.js';
import { at } from '../at.js';
import type { BalancingPolicy } from '../balancing-policy.js';
import type { Instance } from '../instance.js';
import type { PickContext } from '../pick-context.js';
import { hashKeyOf } from './hash-key.js';
import { HashRing } from './hash-ring.js';
import { hashText } from './hash-text.js';

/** With fewer requests than this a client stays with its instance: evenness matters only under load. */
const neverTooMany = 8;

/**
 * A client goes to the same instance for as long as that is fit, and on to the next on the ring otherwise: whoever
 * belongs to another instance stays there. With a bound on the load (Mirrokni et al. 2016) a few busy clients do not
 * overrun one instance. A ring rather than Maglev's table: it does not change when an instance is out for a moment.
 */
export class ConsistentHash implements BalancingPolicy {
  private readonly keyOf: (context: PickContext) => string;
  private ring = HashRing.of([]);
  private ringFor: string = '';
  private candidates: readonly Instance[] = [];
  private totalShare = 0;
  private inFlight = 0;

  constructor(private readonly config: HashConfig) {
    this.keyOf = hashKeyOf(config);
  }

  use(candidates: readonly Instance[], members: readonly Instance[]): void {
    const ringFor = members.map(({ model, weight }) => `${model.origin} ${weight}`).join();
    if (ringFor !== this.ringFor) {
      this.ring = HashRing.of(members);
      this.ringFor = ringFor;
    }
    this.candidates = candidates;
    this.totalShare = candidates.reduce((sum, { weight }) => sum + weight, 0);
    this.inFlight = candidates.reduce((sum, { state }) => sum + state.inFlight, 0);
  }

  pick(context: PickContext, tried: readonly Instance[]): Instance {
    const { ring } = this;
    const start = ring.indexOf(hashText(this.keyOf(context)));
    let next: Instance | undefined;
    for (let step = 0; step < ring.length; step++) {
      const owner = ring.ownerAt(start + step);
      if (owner === undefined || owner.state.slot < 0 || tried.includes(owner)) continue;
      if (this.hasRoom(owner)) return owner;
      next ??= owner;
    }
    return next ?? at(this.candidates, 0);
  }

  loadChanged(_: Instance, difference: 1 | -1): void {
    this.inFlight += difference;
  }

  private hasRoom({ state, weight }: Instance): boolean {
    const { maxLoad } = this.config;
    if (maxLoad === 0 || state.inFlight < neverTooMany) return true;
    return state.inFlight < ((this.inFlight + 1) * weight * maxLoad) / (this.totalShare * 100);
  }
}
