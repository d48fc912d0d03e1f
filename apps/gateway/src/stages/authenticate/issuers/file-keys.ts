import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { KeySource, type PublicKey } from './key-source.js';

/** One key from a PEM file, whatever id the token names. A file that cannot be read stops the start. */
export class FileKeys extends KeySource {
  private readonly publicKey: PublicKey;

  constructor(path: string) {
    super();
    this.publicKey = { key: createPublicKey(readFileSync(path)) };
  }

  find(): Promise<PublicKey> {
    return Promise.resolve(this.publicKey);
  }

  onWithdrawal(): () => void {
    // A file that was read once does not change.
    return () => undefined;
  }

  close(): void {
    // There is nothing to end.
  }
}
