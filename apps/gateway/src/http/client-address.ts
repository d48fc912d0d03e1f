import { isIP, SocketAddress } from 'node:net';

/** An IPv4 address that came in over IPv6 is written as IPv4, so that lists and limits see one client as one. */
export function plainAddress(text: string): string | undefined {
  const bare = withoutPort(text);
  const version = isIP(bare);
  if (version === 4) return bare;
  if (version === 0 || bare.includes('%')) return undefined;
  // One address has many spellings, and only one of them is in lists and limits.
  const { address } = new SocketAddress({ address: bare, family: 'ipv6' });
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}

function withoutPort(text: string): string {
  const [, bracketed] = /^\[([^\]]*)\](?::\d+)?$/.exec(text) ?? [];
  if (bracketed !== undefined) return bracketed;
  const [, v4] = /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(text) ?? [];
  return v4 ?? text;
}
