import { z } from 'zod';

import { TenantAnswer, UserAnswer } from '../accounts/account.schema.js';

/** RFC 6749 §5.1 in camelCase, with who it is for. */
export const TokensAnswer = z
  .object({
    accessToken: z.string(),
    tokenType: z.literal('Bearer'),
    expiresIn: z.int().describe('seconds'),
    refreshToken: z.string().describe('good for one use: every refresh answers the next one'),
    user: UserAnswer,
    tenant: TenantAnswer.nullable(),
  })
  .meta({ id: 'Tokens' });
export type TokensAnswer = z.infer<typeof TokensAnswer>;
