import type { Service } from '../../instances/pool/service.js';
import type { FixedAnswerConfig } from '../../configuration/schema/direct-answer.schema.js';
import type { AccessConfig } from '../../configuration/schema/route.schema.js';
import type { CorsPolicy } from './cors-policy.js';
import type { Redirect } from './redirect.js';
import type { RouteLimit } from '../../limits/route-limit.js';
import type { HeaderChanges } from './header-changes.js';
import type { Rewrite } from '../../http/rewrite-path.js';
import type { RouteClaim } from './route-claim.js';

/** A route as compiled from the configuration. Nothing in it changes while requests pass. */
export interface RouteModel extends RouteClaim {
  /** Whether a path with `%2F` may come in here. */
  readonly keepsEncodedSlashes: boolean;
  readonly access: AccessConfig;
  readonly rateLimits: readonly RouteLimit[];
  /** What one request spends from its limits, and from those of the caller. */
  readonly cost: number;
  readonly maxBodyBytes: number;
  /** Bytes a second that a body must bring while it is waited for; 0: however few. */
  readonly bodyRate: number;
  /** How many WebSockets and streams may be open on it at once. */
  readonly maxStreams: number;
  /** How long the request may take to arrive, in ms. */
  readonly requestTimeoutMs: number;
  /** Undefined: nobody asked for changes, and nothing is spent on them. */
  readonly requestHeaders: HeaderChanges | undefined;
  readonly answerHeaders: HeaderChanges | undefined;
  /** Undefined: what the service says about other origins passes. */
  readonly cors: CorsPolicy | undefined;
  /** What answers a browser that asks whether it may ask; only with `cors`. */
  readonly preflight: RouteModel | undefined;
  readonly target: ServiceTarget | DirectTarget | OwnTarget;
}

/** The request goes to an instance of a service. */
export interface ServiceTarget {
  readonly kind: 'service';
  readonly service: Service;
  /** Undefined: the service sees the path of the client. */
  readonly rewrite: Rewrite | undefined;
  readonly headersTimeoutMs: number;
  readonly idleTimeoutMs: number;
  /** Undefined: as long as it takes. */
  readonly totalTimeoutMs: number | undefined;
}

/** The gateway answers by itself, without a controller. */
type DirectTarget =
  | { readonly kind: 'redirect'; readonly redirect: Redirect }
  | { readonly kind: 'answer'; readonly answer: FixedAnswerConfig }
  /** A browser asks whether it may ask. */
  | { readonly kind: 'preflight'; readonly cors: CorsPolicy };

/** A controller of the gateway itself answers, at this path. */
interface OwnTarget {
  readonly kind: 'own';
  readonly path: string;
  /** And at all paths below it, with their queries. */
  readonly takesAllBelow: boolean;
}
