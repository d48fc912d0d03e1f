import type { AccessConfig, ProxiedMethod } from '../configuration/route.schema.js';
import type { RateLimitConfig } from '../configuration/rate-limit.schema.js';
import type { Service } from '../balance/service.js';
import type { PathPattern } from './path-pattern.js';

export interface NamedRateLimit extends RateLimitConfig {
  readonly name: string;
}

/** A route as compiled from the configuration. Nothing in it changes while requests pass. */
export interface RouteModel {
  readonly id: string;
  /** Undefined: any host. */
  readonly host: string | undefined;
  /** Undefined: every method that the gateway proxies. */
  readonly methods: ReadonlySet<ProxiedMethod> | undefined;
  readonly pattern: PathPattern;
  readonly access: AccessConfig;
  readonly rateLimits: readonly NamedRateLimit[];
  readonly maxBodyBytes: number;
  readonly target: ServiceTarget | OwnTarget;
}

/** The request goes to an instance of a service. */
export interface ServiceTarget {
  readonly kind: 'service';
  readonly service: Service;
  /** Undefined: the service sees the path of the client. */
  readonly rewrite: PathPattern | undefined;
  readonly headersTimeoutMs: number;
  readonly idleTimeoutMs: number;
}

/** A controller of the gateway itself answers, at this path. */
export interface OwnTarget {
  readonly kind: 'own';
  readonly path: string;
}
