import type { GatewayContext } from '../gateway-context.js';

export interface ApiKeyOwner {
  readonly apiKeyId: string;
  readonly userId: string;
  readonly tenantId: string;
  readonly scopes: readonly string[];
}

/** Tells whose an API key is. */
export abstract class ApiKeys {
  /** Refuses a key that is not good. */
  abstract identify(key: string, context: GatewayContext): Promise<ApiKeyOwner>;
}
