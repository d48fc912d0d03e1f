import { normalizeIp } from '@nestjs/throttler';

import type { RateLimitKey } from '../configuration/schema/rate-limit.schema.js';

/** What of a request may decide whose budget it spends from. */
interface CountedRequest {
  readonly clientAddress: string;
  readonly route: { readonly id: string };
  readonly identity: { readonly userId: string; readonly tenantId: string; readonly apiKeyId: string };
}

/** Whose budget a request spends from; undefined when the limit is not about this request. */
export type LimitKey = (context: CountedRequest) => string | undefined;

/** An IPv6 customer has a whole /64 to choose addresses from. */
export const addressNetwork = (address: string): string => (address.includes(':') ? normalizeIp(address) : address);

const byAddress = ({ clientAddress }: CountedRequest): string => `address:${addressNetwork(clientAddress)}`;

/** Who is not known counts by address, so that leaving the credentials out is no way around a limit. */
const single: Readonly<Record<RateLimitKey, LimitKey>> = {
  address: byAddress,
  route: ({ route }) => `route:${route.id}`,
  user: (context) => (context.identity.userId === '' ? byAddress(context) : `user:${context.identity.userId}`),
  tenant: (context) => (context.identity.tenantId === '' ? byAddress(context) : `tenant:${context.identity.tenantId}`),
  apiKey: ({ identity }) => (identity.apiKeyId === '' ? undefined : `api-key:${identity.apiKeyId}`),
};

export function compileLimitKey(parts: readonly RateLimitKey[]): LimitKey {
  const [first, ...others] = parts.map((part) => single[part]);
  if (first === undefined) throw new Error('a limit counts by something');
  return others.length === 0 ? first : combined([first, ...others]);
}

/** With the length of each part: ids may hold any character, and no two combinations may look alike. */
const combined =
  (keys: readonly LimitKey[]): LimitKey =>
  (context) => {
    let all = '';
    for (const key of keys) {
      const part = key(context);
      if (part === undefined) return undefined;
      all += `${part.length}:${part}`;
    }
    return all;
  };
