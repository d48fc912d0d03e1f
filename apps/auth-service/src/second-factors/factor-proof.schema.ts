import { z } from 'zod';

import { PasskeyAssertion } from '../passkeys/passkey.schema.js';

export const TotpCode = z
  .string()
  .regex(/^\d{6}$/)
  .describe('what the authenticator app shows');

/** One second factor, shown. */
export const factorProof = {
  totp: TotpCode.optional(),
  recoveryCode: z.string().trim().min(24).max(60).optional().describe('one of those on paper; good for one use'),
  passkey: PasskeyAssertion.optional().describe('answer of a passkey to POST /auth/login:passkey-options'),
};

export type FactorProof = z.infer<z.ZodObject<typeof factorProof>>;

/** For a schema of which exactly one of these fields must be there. */
export const exactlyOneOf =
  (...fields: readonly string[]) =>
  ({ value, issues }: { value: object; issues: z.core.$ZodRawIssue[] }): void => {
    const given = fields.filter((field) => (value as Record<string, unknown>)[field] !== undefined);
    if (given.length === 1) return;
    const message = `exactly one of ${fields.join(', ')} must be there`;
    issues.push({ code: 'custom', input: value, path: [given[1] ?? fields[0] ?? ''], message });
  };
