import { deriveSealKey } from '@libs/trusted-headers';

/** A key for each service, derived once: what is sealed for one opens at no other. */
export class SealKeys {
  private readonly derived = new Map<string, Buffer>();

  constructor(private readonly master: Buffer) {}

  for(service: string): Buffer {
    let key = this.derived.get(service);
    if (key === undefined) {
      key = deriveSealKey(this.master, service);
      this.derived.set(service, key);
    }
    return key;
  }
}
