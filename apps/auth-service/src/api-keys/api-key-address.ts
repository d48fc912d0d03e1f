import { isIP } from 'node:net';

const prefixPattern = /^(?:0|[1-9]\d{0,2})$/;

/** An address, or a network as 192.0.2.0/24 or 2001:db8::/32. */
export function isAddressOrNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0 || address.includes('%')) return false;
  return prefix === undefined || (prefixPattern.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
}
