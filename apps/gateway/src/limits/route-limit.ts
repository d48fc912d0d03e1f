import type { LimitPolicy } from '@libs/rate-limits';

import type { GatewayConfiguration } from '../configuration/schema/gateway-configuration.schema.js';
import type { RateLimitConfig } from '../configuration/schema/rate-limit.schema.js';
import { compileLimitKey, type LimitKey } from './limit-key.js';
import { plannedLimits, type RequestQuota } from './planned-limit.js';
import { policyField } from './rate-limit-fields.js';

/** A limit as one place of the configuration spends from it. */
export interface RouteLimit {
  readonly name: string;
  readonly policy: LimitPolicy;
  /** What one request spends. */
  readonly cost: number;
  readonly keyOf: LimitKey;
  /** Its part of the field RateLimit-Policy; empty for a shadow, which clients need not know. */
  readonly policyField: string;
  /** The same limit with the quota of a plan; absent where a plan says nothing about what it counts. */
  readonly planned?: (quota: RequestQuota) => RouteLimit;
}

/** The limits of these names, ready to be spent from. */
export const compileLimits = (
  { rateLimits }: Pick<GatewayConfiguration, 'rateLimits'>,
  names: readonly string[],
  cost = 1,
): readonly RouteLimit[] =>
  [...new Set(names)].map((name) => {
    const config = rateLimits[name];
    if (config === undefined) throw new Error(`the rate limit ${name} is not configured`);
    const policy = policyOf(name, config);
    const limit = {
      name,
      policy,
      cost,
      keyOf: compileLimitKey(config.key),
      policyField: config.shadow ? '' : policyField(policy),
    };
    return countsTenants(config) ? { ...limit, planned: plannedLimits(limit) } : limit;
  });

/** What a route spends: its own limits at its own price. Those that every request pays by address are not paid twice. */
export const compileRouteLimits = (
  configuration: Pick<GatewayConfiguration, 'rateLimits' | 'addresses'>,
  { rateLimits, cost }: { readonly rateLimits: readonly string[]; readonly cost: number },
): readonly RouteLimit[] =>
  compileLimits(
    configuration,
    rateLimits.filter((name) => !configuration.addresses.rateLimits.includes(name)),
    cost,
  );

/** Whether it counts what a plan limits: the requests of a tenant, over all of its members. */
const countsTenants = ({ key, algorithm }: RateLimitConfig): boolean =>
  key.length === 1 && key[0] === 'tenant' && algorithm !== 'concurrency';

function policyOf(name: string, config: RateLimitConfig): LimitPolicy {
  const { algorithm, quota, window, lease, maxDelay, shadow, onFailure } = config;
  // Requests that shall pass at an even pace must not come all at once.
  const burst = config.burst ?? (maxDelay === undefined ? undefined : 1);
  const windowMs = algorithm === 'concurrency' ? lease : window;
  return { name, algorithm, quota, windowMs, burst, maxDelayMs: maxDelay, isShadow: shadow, onFailure };
}
