import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { KeySource } from './key-source.js';

/** One key from a PEM file, whatever id the token names. A file that cannot be read stops the start. */
export class FileKeys extends KeySource {
  private readonly key: KeyObject;

  constructor(path: string) {
    super();
    this.key = createPublicKey(readFileSync(path));
  }

  find(): Promise<KeyObject> {
    return Promise.resolve(this.key);
  }

  onWithdrawal(): () => void {
    // A file that was read once does not change.
    return () => undefined;
  }

  close(): void {
    // There is nothing to end.
  }
}
