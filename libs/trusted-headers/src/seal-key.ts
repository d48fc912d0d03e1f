import { hkdfSync } from 'node:crypto';

/** A key of 32 bytes for one audience, so that what is sealed for one service opens at no other (RFC 5869). */
export const deriveSealKey = (master: Buffer, audience: string): Buffer =>
  Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), `gatehouse/seal/v1/${audience}`, 32));
