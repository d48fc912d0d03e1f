import { createHash, randomBytes } from 'node:crypto';

const randomLength = 32;

/** Opaque: it says nothing, and only its hash is stored. */
export const newRefreshToken = (): string => `gtr_${randomBytes(randomLength).toString('base64url')}`;

/** A plain hash is enough: nobody can guess 256 random bits. */
export const hashRefreshToken = (token: string): string => createHash('sha256').update(token).digest('base64url');
