import type { BalancingPolicyName } from '../../configuration/schema/balance.schema.js';
import type { ServiceConfig } from '../../configuration/schema/service.schema.js';
import type { BalancingPolicy } from '../balancing-policy.js';
import { ConsistentHash } from './consistent-hash.js';
import { LeastConnections } from './least-connections.js';
import { PeakEwma } from './peak-ewma.js';
import { PowerOfTwo } from './power-of-two.js';
import { Random } from './random.js';
import { RoundRobin } from './round-robin.js';
import { SmoothWeighted } from './weighted.js';

type PolicyConfig = Pick<ServiceConfig, 'balance' | 'hash' | 'ewma'>;

const makers: Record<BalancingPolicyName, (config: PolicyConfig, random: () => number) => BalancingPolicy> = {
  'round-robin': (_, random) => new RoundRobin(random),
  weighted: (_, random) => new SmoothWeighted(random),
  'least-connections': (_, random) => new LeastConnections(random),
  random: (_, random) => new Random(random),
  p2c: (_, random) => new PowerOfTwo(random),
  ewma: ({ ewma }, random) => new PeakEwma(ewma, random),
  'consistent-hash': ({ hash }) => new ConsistentHash(hash),
};

export const policyFor = (config: PolicyConfig, random: () => number): BalancingPolicy =>
  makers[config.balance](config, random);
