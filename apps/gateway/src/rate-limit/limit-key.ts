import { normalizeIp } from '@nestjs/throttler';

import type { GatewayContext } from '../gateway-context.js';
import type { NamedRateLimit } from '../route/route.model.js';

/**
 * Whose budget a request spends from; undefined when the limit is not about this request. Who is not known
 * counts by address, so that leaving the credentials out is no way around a limit.
 */
export function limitKey(limit: NamedRateLimit, context: GatewayContext): string | undefined {
  const { identity } = context;
  switch (limit.key) {
    case 'route':
      return `route:${context.route.id}`;
    case 'user':
      return identity.userId === '' ? addressKey(context) : `user:${identity.userId}`;
    case 'tenant':
      return identity.tenantId === '' ? addressKey(context) : `tenant:${identity.tenantId}`;
    case 'apiKey':
      return identity.apiKeyId === '' ? undefined : `api-key:${identity.apiKeyId}`;
    case 'address':
      return addressKey(context);
  }
}

/** An IPv6 customer has a whole /64 to choose addresses from. */
const addressKey = ({ clientAddress }: GatewayContext): string => `address:${normalizeIp(clientAddress)}`;
