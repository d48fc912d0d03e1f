import type { GatewayContext } from '../../../request/gateway-context.js';
import type { RouteLimit } from '../../../limits/route-limit.js';

export interface ApiKeyOwner {
  readonly apiKeyId: string;
  readonly userId: string;
  readonly tenantId: string;
  readonly scopes: readonly string[];
  /** What the key may spend, beside the limits of the route. */
  readonly limits: readonly RouteLimit[];
}

/** Tells whose an API key is. */
export abstract class ApiKeys {
  /** Refuses a key that is not good. */
  abstract identify(key: string, context: GatewayContext): Promise<ApiKeyOwner>;
}
