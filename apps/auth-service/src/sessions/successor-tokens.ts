import { createHmac, hkdfSync, randomBytes } from 'node:crypto';

import { randomLength, writeRefreshToken } from './refresh-token.js';

/**
 * Derives the token that follows another one, so that the same one can be given again although it is stored nowhere. It
 * takes three things that are kept apart: the token before, the seed beside its hash, and a key of this service.
 */
export class SuccessorTokens {
  private readonly key: Buffer;

  constructor(encryptionKey: Buffer) {
    this.key = Buffer.from(hkdfSync('sha256', encryptionKey, '', 'gatehouse/refresh-token/v1', 32));
  }

  newSeed(): string {
    return randomBytes(randomLength).toString('base64url');
  }

  derive(token: string, seed: string): string {
    return writeRefreshToken(createHmac('sha256', this.key).update(`${seed}.${token}`).digest());
  }
}
