import { AuthenticateGuard } from './stages/authenticate/authenticate.guard.js';
import { AuthorizeGuard } from './stages/authorize/authorize.guard.js';
import { Balancer } from './instances/pool/balancer.js';
import { Edge } from './stages/edge/edge.js';
import { Forwarder } from './stages/forward/forwarder.js';
import { AccessLog } from './stages/observe/access-log.js';
import { AddressGuard } from './stages/limit/address.guard.js';
import { RateLimitGuard } from './stages/limit/rate-limit.guard.js';
import { Router } from './stages/route/router.js';

/**
 * The path of every request, once. Node's own server hands it to the edge and the router. What a route leads to a
 * service, or answers by itself, the proxy takes through the guards and on; the gateway's own addresses are Nest's,
 * which asks the same guards. `observe` writes its line when the answer ends.
 */
export const pipeline = [
  { stage: 'edge', by: Edge },
  { stage: 'route', by: Router },
  { stage: 'rate-limit, before identity', by: AddressGuard },
  { stage: 'authenticate', by: AuthenticateGuard },
  { stage: 'authorize', by: AuthorizeGuard },
  { stage: 'rate-limit', by: RateLimitGuard },
  { stage: 'balance', by: Balancer },
  { stage: 'forward', by: Forwarder },
  { stage: 'observe', by: AccessLog },
] as const;

const isGuard = (by: { prototype: object }): boolean => 'canActivate' in by.prototype;

/** The stages that are guards, in the order of the pipeline. */
export const pipelineGuards = pipeline.map(({ by }) => by).filter(isGuard) as (
  typeof AddressGuard | typeof AuthenticateGuard | typeof AuthorizeGuard | typeof RateLimitGuard
)[];
