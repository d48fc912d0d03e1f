import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

import { canonicalJson } from '../json/canonical-json.js';

export interface CallDescription {
  /** Empty where nobody is known: whoever sends the same content is taken for the same stranger. */
  readonly userId: string;
  readonly tenantId: string;
  /** Method and path. */
  readonly route: string;
  /** What the client sent as `Idempotency-Key`. */
  readonly key: string;
  /** Whatever must be the same for it to be the same request: query and body. */
  readonly content: unknown;
}

/**
 * One request with an idempotency key, as the store sees it. Names and fingerprints are keyed hashes and the answer is
 * encrypted, because bodies hold passwords and answers hold tokens; the keys depend on the client's own key, which is
 * not stored.
 */
export class IdempotentCall {
  readonly scope: string;
  readonly fingerprint: string;
  private readonly answerKey: Buffer;

  constructor(encryptionKey: Buffer, { userId, tenantId, route, key, content }: CallDescription) {
    const derive = (purpose: string): Buffer =>
      Buffer.from(hkdfSync('sha256', encryptionKey, key, `gatehouse/idempotency/v1/${purpose}`, 32));
    const digest = (purpose: string, value: unknown): string =>
      createHmac('sha256', derive(purpose)).update(canonicalJson(value)).digest('base64url');

    // Two strangers may come upon the same key, and neither must see, or be refused for, what the other one sent.
    const sender = userId === '' ? [content] : [];
    this.scope = digest('scope', [userId, tenantId, route, key, ...sender]);
    this.fingerprint = digest('fingerprint', content);
    this.answerKey = derive('answer');
  }

  seal(answer: unknown): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.answerKey, nonce).setAAD(Buffer.from(this.scope));
    const encrypted = Buffer.concat([cipher.update(JSON.stringify(answer)), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), encrypted]).toString('base64');
  }

  open(sealed: string): unknown {
    const bytes = Buffer.from(sealed, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', this.answerKey, bytes.subarray(0, 12))
      .setAAD(Buffer.from(this.scope))
      .setAuthTag(bytes.subarray(12, 28));
    return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString());
  }
}
