import type { BalancingPolicyName } from '../configuration/service.schema.js';
import type { BalancingPolicy } from './balancing-policy.js';
import { LeastConnections } from './policies/least-connections.js';
import { Random } from './policies/random.js';
import { RoundRobin } from './policies/round-robin.js';
import { SmoothWeighted } from './policies/weighted.js';

const makers: Record<BalancingPolicyName, () => BalancingPolicy> = {
  'round-robin': () => new RoundRobin(),
  weighted: () => new SmoothWeighted(),
  'least-connections': () => new LeastConnections(),
  random: () => new Random(),
};

export const policyFor = (name: BalancingPolicyName): BalancingPolicy => makers[name]();
