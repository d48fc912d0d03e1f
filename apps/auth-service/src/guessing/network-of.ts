import { isIPv6 } from 'node:net';

const groupsOfNetwork = 4;
const groupsOfAddress = 8;
const mappedIpv4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** Who counts as one caller: an IPv4 address, or the /64 network that one IPv6 customer has to himself. */
export function networkOf(address: string): string {
  const [, ipv4] = mappedIpv4.exec(address) ?? [];
  if (ipv4 !== undefined) return ipv4;
  if (!isIPv6(address)) return address;

  const [head = '', tail = ''] = address.toLowerCase().split('%', 1)[0]?.split('::') ?? [];
  const left = groupsIn(head);
  const zeros = Array<string>(Math.max(0, groupsOfAddress - left.length - groupsIn(tail).length)).fill('0');
  const groups = [...left, ...zeros, ...groupsIn(tail)].slice(0, groupsOfNetwork);
  return `${groups.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`;
}

const groupsIn = (part: string): string[] => (part === '' ? [] : part.split(':'));
