import { isIP } from 'node:net';

import type { Address } from './names.js';

export type Hosts = ReadonlyMap<string, readonly Address[]>;

/** hosts(5): an address and its names on each line. Of a name with several lines all addresses count. */
export function parseHosts(text: string): Hosts {
  const hosts = new Map<string, Address[]>();
  for (const line of text.split('\n')) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    const family = isIP(address);
    if (family === 0) continue;
    for (const name of names.map((each) => each.toLowerCase())) {
      hosts.set(name, [...(hosts.get(name) ?? []), { address, family: family as 4 | 6 }]);
    }
  }
  return hosts;
}
