import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** Hashes API keys under a key of this service, so that a stolen table can be neither used nor added to. */
export class ApiKeyHasher {
  private readonly key: Buffer;

  constructor(encryptionKey: Buffer) {
    this.key = Buffer.from(hkdfSync('sha256', encryptionKey, '', 'gatehouse/api-key/v1', 32));
  }

  hash(apiKey: string): string {
    return this.digest(apiKey).toString('base64url');
  }

  matches(apiKey: string, storedHash: string): boolean {
    const digest = this.digest(apiKey);
    const stored = Buffer.from(storedHash, 'base64url');
    return stored.length === digest.length && timingSafeEqual(stored, digest);
  }

  private digest(apiKey: string): Buffer {
    return createHmac('sha256', this.key).update(apiKey).digest();
  }
}
