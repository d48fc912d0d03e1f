import { createHash, randomBytes } from 'node:crypto';

import { z } from 'zod';

export const newMailToken = (): string => `gtm_${randomBytes(32).toString('base64url')}`;

/** A plain hash is enough: nobody can guess 256 random bits. */
export const hashMailToken = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** As people copy it out of a letter. What has another form was never sent, and is refused as any wrong one is. */
export const MailTokenText = z.string().trim().min(1).max(200).describe('as it stands in the letter; good for one use');
