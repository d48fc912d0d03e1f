import { createHash } from 'node:crypto';

const pattern = /^gtr_([\w-]{43})$/;

/** Opaque: it says nothing, and only its hash is stored. */
export const writeRefreshToken = (secret: Buffer): string => `gtr_${secret.toString('base64url')}`;

/** The secret inside; undefined for what is not of this form, was never issued, and needs no look-up. */
export function readRefreshToken(text: string): Buffer | undefined {
  const [, written] = pattern.exec(text) ?? [];
  if (written === undefined) return undefined;
  const secret = Buffer.from(written, 'base64url');
  // The last letter has bits to spare: one secret has one spelling only.
  return writeRefreshToken(secret) === text ? secret : undefined;
}

/** A plain hash is enough: nobody can guess 128 random bits. */
export const hashRefreshToken = (token: string): string => createHash('sha256').update(token).digest('base64url');
