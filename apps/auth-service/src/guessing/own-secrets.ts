import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

const randomLength = 16;
const markLength = 16;

/**
 * Secrets that show whether they were made here: 128 random bits, and as many of a MAC over them under a key of this
 * service. Nobody makes one up, so one that is marked is no guess. `of` binds the mark to whose secret it is.
 */
export class OwnSecrets {
  private readonly key: Buffer;

  constructor(encryptionKey: Buffer, purpose: string) {
    this.key = Buffer.from(hkdfSync('sha256', encryptionKey, '', `gatehouse/${purpose}/mark/v1`, 32));
  }

  make(of = ''): Buffer {
    return this.mark(randomBytes(randomLength), of);
  }

  /** Of bytes that nobody can foretell, of which the first 16 are taken. */
  mark(bytes: Buffer, of = ''): Buffer {
    const random = bytes.subarray(0, randomLength);
    return Buffer.concat([random, this.markOf(random, of)]);
  }

  has(secret: Buffer, of = ''): boolean {
    if (secret.length !== randomLength + markLength) return false;
    return timingSafeEqual(secret.subarray(randomLength), this.markOf(secret.subarray(0, randomLength), of));
  }

  private markOf(random: Buffer, of: string): Buffer {
    return createHmac('sha256', this.key).update(random).update(of).digest().subarray(0, markLength);
  }
}
