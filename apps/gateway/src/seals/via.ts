import { hkdfSync } from 'node:crypto';

import { membersOf } from '../http/list-field.js';

/**
 * The name of the gateways of one deployment in `Via` (RFC 9110 §7.6.3). All of them have it, because all have the key,
 * and nobody else can know it: so a request that bears it has been here before.
 */
export class Via {
  private readonly name: string;
  private readonly fields: Readonly<Record<string, string>>;

  constructor(sealKey: Buffer) {
    this.name = `gatehouse-${Buffer.from(hkdfSync('sha256', sealKey, '', 'gatehouse/via/v1', 4)).toString('hex')}`;
    this.fields = { '1.0': `1.0 ${this.name}`, '1.1': `1.1 ${this.name}`, '2.0': `2 ${this.name}` };
  }

  /** What a service is told. `before`: what the request came with; `version`: the HTTP in which it came. */
  after(before: string | undefined, version: string): string {
    const own = this.fields[version] ?? `1.1 ${this.name}`;
    return before === undefined || before === '' ? own : `${before}, ${own}`;
  }

  names(via: string): boolean {
    return membersOf(via).some((member) => member.split(/[ \t]+/)[1]?.toLowerCase() === this.name);
  }
}
