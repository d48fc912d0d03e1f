import type { ServiceConfig } from '../configuration/service.schema.js';
import type { BalancingPolicy } from './balancing-policy.js';
import { policyFor } from './policy-for.js';
import { type Instance, newInstance } from './instance.js';

/** A service behind the gateway, as compiled from the configuration. */
export interface Service {
  readonly name: string;
  readonly config: ServiceConfig;
  readonly instances: readonly Instance[];
  readonly policy: BalancingPolicy;
}

export const compileService = (name: string, config: ServiceConfig): Service => ({
  name,
  config,
  instances: config.instances.map(({ url, weight }) => newInstance({ origin: new URL(url).origin, weight })),
  policy: policyFor(config.balance),
});
