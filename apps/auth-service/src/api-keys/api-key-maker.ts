import { readApiKey, writeApiKey } from '@libs/api-keys';

import { OwnSecrets } from '../guessing/own-secrets.js';

/** Makes API keys, and knows its own before anything is looked up. */
export class ApiKeyMaker {
  private readonly secrets: OwnSecrets;

  constructor(encryptionKey: Buffer) {
    this.secrets = new OwnSecrets(encryptionKey, 'api-key');
  }

  make(id: string): string {
    return writeApiKey(id, this.secrets.make(id));
  }

  hasMade(key: string): boolean {
    const read = readApiKey(key);
    return read !== undefined && this.secrets.has(read.secret, read.id);
  }
}
