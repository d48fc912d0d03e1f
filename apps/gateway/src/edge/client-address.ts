import { isIP } from 'node:net';

import type { Networks } from './networks.js';

/**
 * The address of the client. X-Forwarded-For is walked from the right, one step for each trusted proxy: the
 * first address that is not a proxy's is the client, and all that stands left of it is hearsay.
 */
export function clientAddressFrom(peer: string, forwardedFor: string | undefined, trusted: Networks): string {
  if (forwardedFor === undefined || !trusted.has(peer)) return peer;
  let address = peer;
  for (const hop of forwardedFor.split(',').toReversed()) {
    const next = plainAddress(hop.trim());
    if (next === undefined) return address;
    address = next;
    if (!trusted.has(next)) return next;
  }
  return address;
}

/** An IPv4 address that came in over IPv6 is written as IPv4, so that lists and limits see one client as one. */
export function plainAddress(text: string): string | undefined {
  const bare = withoutPort(text).toLowerCase();
  const mapped = bare.startsWith('::ffff:') ? bare.slice(7) : bare;
  if (isIP(mapped) === 4) return mapped;
  return isIP(bare) === 0 || bare.includes('%') ? undefined : bare;
}

function withoutPort(text: string): string {
  const [, bracketed] = /^\[([^\]]*)\](?::\d+)?$/.exec(text) ?? [];
  if (bracketed !== undefined) return bracketed;
  const [, v4] = /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(text) ?? [];
  return v4 ?? text;
}
