import type { BalancingPolicyName } from '../configuration/balance.schema.js';
import type { ServiceConfig } from '../configuration/service.schema.js';
import type { BalancingPolicy } from './balancing-policy.js';
import { ConsistentHash } from './policies/consistent-hash.js';
import { LeastConnections } from './policies/least-connections.js';
import { PeakEwma } from './policies/peak-ewma.js';
import { PowerOfTwo } from './policies/power-of-two.js';
import { Random } from './policies/random.js';
import { RoundRobin } from './policies/round-robin.js';
import { SmoothWeighted } from './policies/weighted.js';

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
