import { createHmac, hkdfSync, randomInt } from 'node:crypto';

/** Without 0 1 i l o, which people take for one another. 24 of 31 are 118 bits: nobody guesses them from a hash. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
const groups = 6;
const groupLength = 4;

export const codesInSet = 10;

export const newRecoveryCode = (): string =>
  Array.from({ length: groups }, () =>
    Array.from({ length: groupLength }, () => alphabet[randomInt(alphabet.length)]).join(''),
  ).join('-');

/** Hashes codes under a key of this service, so that a stolen table tells nothing of codes that people can type. */
export class RecoveryCodeHasher {
  private readonly key: Buffer;

  constructor(encryptionKey: Buffer) {
    this.key = Buffer.from(hkdfSync('sha256', encryptionKey, '', 'gatehouse/recovery-code/v1', 32));
  }

  /** However it was typed: with capitals, spaces, or without dashes. */
  hash(userId: string, code: string): string {
    const typed = code.toLowerCase().replaceAll(/[\s-]/g, '');
    return createHmac('sha256', this.key).update(`${userId}:${typed}`).digest('base64url');
  }
}
