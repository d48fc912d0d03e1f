import type { RateLimitConfig, RateLimitKey } from '../schema/rate-limit.schema.js';

/** What is known of a request before anybody is identified. */
const knownEarly: ReadonlySet<RateLimitKey> = new Set(['address', 'route']);

/** Why a limit cannot be spent from before anybody is identified; undefined when it can. */
export function misfitForAddresses(name: string, { key }: RateLimitConfig): string | undefined {
  if (key.includes('address') && key.every((part) => knownEarly.has(part))) return undefined;
  return `${name} counts by ${key.join(' and ')}; only limits by address fit here`;
}

/** Why a route cannot spend its cost from a limit: no request would ever pass. Undefined when it can. */
export function unaffordable(name: string, { algorithm, quota, burst, maxDelay }: RateLimitConfig, cost: number) {
  if (algorithm === 'concurrency') return undefined;
  const most = algorithm.endsWith('bucket') ? (burst ?? (maxDelay === undefined ? quota : 1)) : quota;
  return cost > most ? `costs ${cost}, and ${name} never has more than ${most}` : undefined;
}
