import { BlockList, isIP } from 'node:net';

/** A set of networks, from texts such as `10.0.0.0/8` or `::1`. */
export class Networks {
  private readonly list = new BlockList();

  constructor(readonly texts: readonly string[]) {
    for (const text of texts) {
      const [address = '', prefix] = text.split('/');
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
      this.list.addSubnet(address, prefix === undefined ? (family === 'ipv6' ? 128 : 32) : Number(prefix), family);
    }
  }

  get isEmpty(): boolean {
    return this.texts.length === 0;
  }

  has(address: string): boolean {
    const family = isIP(address);
    return family !== 0 && this.list.check(address, family === 6 ? 'ipv6' : 'ipv4');
  }
}
