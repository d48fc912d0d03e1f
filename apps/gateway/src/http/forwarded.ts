import type { IncomingHttpHeaders } from 'node:http';

import { plainAddress } from './client-address.js';
import { membersOf } from './list-field.js';
import type { Networks } from './networks.js';

/** What trusted proxies say of a request. Undefined: they do not say. An empty host is none that could be asked for. */
export interface Forwarded {
  readonly clientAddress: string;
  readonly protocol: 'http' | 'https' | undefined;
  readonly host: string | undefined;
}

const protocols: ReadonlyMap<string, Forwarded['protocol']> = new Map([
  ['http', 'http'],
  ['https', 'https'],
  ['ws', 'http'],
  ['wss', 'https'],
]);

/**
 * Each proxy may put what it saw behind what it was told. So X-Forwarded-For is walked from the right, one step for each
 * trusted proxy: the first address that is not a proxy's is the client, and all that stands left of it is hearsay. What
 * the proxy that named the client says of protocol and host stands as far from the right; where proxies overwrite those
 * or leave them alone there are fewer, and the first is the one.
 */
export function forwardedBy(peer: string, headers: IncomingHttpHeaders, trusted: Networks): Forwarded {
  const { address, steps } = walk(peer, linesOf(headers['x-forwarded-for']), trusted);
  const said = (name: string): string | undefined => {
    if (headers[name] === undefined) return undefined;
    const members = linesOf(headers[name]);
    return members[Math.max(0, members.length - Math.max(1, steps))] ?? '';
  };
  return {
    clientAddress: address,
    protocol: protocols.get(said('x-forwarded-proto')?.toLowerCase() ?? ''),
    host: said('x-forwarded-host'),
  };
}

function walk(
  peer: string,
  hops: readonly string[],
  trusted: Networks,
): { readonly address: string; readonly steps: number } {
  let address = peer;
  let steps = 0;
  for (const hop of hops.toReversed()) {
    const next = plainAddress(hop);
    if (next === undefined) break;
    address = next;
    steps++;
    if (!trusted.has(next)) break;
  }
  return { address, steps };
}

const linesOf = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : membersOf(String(value)).map(unquoted);

/** Some write them as RFC 7239 would have them. */
const unquoted = (member: string): string => /^"([^"\\]*)"$/.exec(member)?.[1] ?? member;
