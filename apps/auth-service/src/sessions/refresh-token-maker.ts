import { createHmac, hkdfSync, randomBytes } from 'node:crypto';

import { OwnSecrets } from '../guessing/own-secrets.js';
import { readRefreshToken, writeRefreshToken } from './refresh-token.js';

const seedLength = 32;

/**
 * Makes refresh tokens, and knows its own before anything is looked up.
 *
 * The token that follows another one is derived, so that the same one can be given again although it is stored nowhere.
 * It takes three things that are kept apart: the token before, the seed beside its hash, and a key of this service.
 */
export class RefreshTokenMaker {
  private readonly secrets: OwnSecrets;
  private readonly key: Buffer;

  constructor(encryptionKey: Buffer) {
    this.secrets = new OwnSecrets(encryptionKey, 'refresh-token');
    this.key = Buffer.from(hkdfSync('sha256', encryptionKey, '', 'gatehouse/refresh-token/v1', 32));
  }

  first(): string {
    return writeRefreshToken(this.secrets.make());
  }

  newSeed(): string {
    return randomBytes(seedLength).toString('base64url');
  }

  successorOf(token: string, seed: string): string {
    return writeRefreshToken(this.secrets.mark(createHmac('sha256', this.key).update(`${seed}.${token}`).digest()));
  }

  hasMade(token: string): boolean {
    const secret = readRefreshToken(token);
    return secret !== undefined && this.secrets.has(secret);
  }
}
