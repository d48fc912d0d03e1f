import { aConfiguration } from '../../configuration/configuration.fixture.js';
import type { GatewayConfigurationInput } from '../../configuration/schema/gateway-configuration.schema.js';
import type { ServiceConfig } from '../../configuration/schema/service.schema.js';
import type { Instance } from '../instance.js';
import type { Outcome } from '../outcome.js';
import type { PickContext } from '../pick-context.js';
import { InstancePool } from './instance-pool.js';

export type ServiceInput = Partial<NonNullable<GatewayConfigurationInput['services']>[string]>;

export interface Listed {
  readonly weight?: number;
  readonly backup?: boolean;
}

/** The same numbers again for the same seed (mulberry32). */
function chance(seed = 1): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const aServiceConfig = (listed: readonly Listed[], input: ServiceInput = {}): ServiceConfig => {
  const instances = listed.map((each, index) => ({ url: originOf(index), ...each }));
  const { services } = aConfiguration({ services: { s: { ...input, instances } } });
  return services['s'] as ServiceConfig;
};

/** `http://a`, `http://b` and so on; beyond `z` with numbers. */
const originOf = (index: number): string => `http://${index < 26 ? String.fromCharCode(97 + index) : `n${index}`}`;

const modelsOf = ({ instances }: ServiceConfig) =>
  instances.map(({ url, weight, backup }) => ({ origin: url, weight, backup }));

/** A service of its own, on a clock that the test moves. */
export class PoolUnderTest {
  now = 1_000_000;
  readonly pool: InstancePool;

  constructor(config: ServiceConfig, seed = 1) {
    this.pool = new InstancePool('s', config, chance(seed));
    this.pool.adopt({ config, models: modelsOf(config) }, this.now);
  }

  adopt(config: ServiceConfig): void {
    this.pool.adopt({ config, models: modelsOf(config) }, this.now);
  }

  get(index: number): Instance {
    const instance = this.pool.members.find(({ model }) => model.origin === originOf(index));
    if (instance === undefined) throw new RangeError(`There is no ${originOf(index)}`);
    return instance;
  }

  pick(context: PickContext = aCall(), tried: readonly Instance[] = []): Instance | undefined {
    return this.pool.pick(context, tried, this.now);
  }

  /** One whole request. */
  serve(outcomeOf: (instance: Instance) => Outcome = () => 'answered', context = aCall()): Instance | undefined {
    const instance = this.pick(context);
    if (instance === undefined) return undefined;
    this.finish(instance, outcomeOf(instance));
    return instance;
  }

  finish(instance: Instance, outcome: Outcome, elapsedMs = 0): void {
    this.pool.report(instance, outcome, elapsedMs, this.now);
    this.pool.release(instance);
  }

  /** How many of so many requests each instance got, in the order of the configuration. */
  shares(count: number, contextOf: (request: number) => PickContext = () => aCall()): number[] {
    const counts = new Map<Instance, number>();
    for (let request = 0; request < count; request++) {
      const instance = this.serve(undefined, contextOf(request));
      if (instance !== undefined) counts.set(instance, (counts.get(instance) ?? 0) + 1);
    }
    return this.pool.members.map((member) => (counts.get(member) ?? 0) / count);
  }

  /** It fails requests until it is left alone. */
  breakDown(index: number): void {
    const instance = this.get(index);
    for (let request = 0; request < 10_000 && !instance.state.isOnTrial; request++) {
      this.serve(
        (picked) => (picked === instance ? 'error' : 'answered'),
        aCall({ clientAddress: `10.0.0.${request}` }),
      );
    }
  }
}

export const aCall = (call: Partial<PickContext> = {}): PickContext => ({
  clientAddress: '192.0.2.1',
  headers: {},
  identity: { userId: '' },
  ...call,
});
