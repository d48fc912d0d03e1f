import { createHash, randomBytes } from 'node:crypto';

export const randomLength = 32;

const pattern = /^gtr_[\w-]{43}$/;

/** Opaque: it says nothing, and only its hash is stored. */
export const writeRefreshToken = (secret: Buffer): string => `gtr_${secret.toString('base64url')}`;

export const newRefreshToken = (): string => writeRefreshToken(randomBytes(randomLength));

/** What is not of this form was never issued, and needs no look-up. */
export const isRefreshToken = (text: string): boolean => pattern.test(text);

/** A plain hash is enough: nobody can guess 256 random bits. */
export const hashRefreshToken = (token: string): string => createHash('sha256').update(token).digest('base64url');
