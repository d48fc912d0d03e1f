import { rejected } from '../credentials/challenge.js';
import type { JsonObject } from './compact-jws.js';

/** What a token says, once its signature, issuer, audience and times have been checked. */
export interface VerifiedToken {
  readonly subject: string;
  /** Empty if the token names nobody. */
  readonly userName: string;
  readonly tenantId: string;
  readonly sessionId: string;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
  /** Whether it says anything of scopes, be it nothing that can be read: then it is no session of all its user may do. */
  readonly isCutDown: boolean;
  /** Whether the session has shown more than one factor: `mfa` in `amr` (RFC 8176). */
  readonly isMultiFactor: boolean;
  /** Whether nothing but a change of the password may be done with it. */
  readonly mustChangePassword: boolean;
  /** Milliseconds since 1970, with the tolerance for clocks added. */
  readonly expiresAt: number;
  /** The same as its issuer says it. What goes on for longer than a request ends then. */
  readonly endsAt: number;
}

export function readToken(claims: JsonObject, clockToleranceMs: number): VerifiedToken {
  const subject = textClaim(claims['sub']);
  if (subject === '') throw rejected('sub is missing');
  const endsAt = Number(claims['exp']) * 1_000;

  return Object.freeze({
    subject,
    userName: textClaim(claims['preferred_username']) || textClaim(claims['name']),
    tenantId: textClaim(claims['tid']),
    sessionId: textClaim(claims['sid']),
    roles: listClaim(claims['roles']),
    scopes: listClaim(claims['scope']),
    isCutDown: claims['scope'] !== undefined,
    isMultiFactor: listClaim(claims['amr']).includes('mfa'),
    // Whatever it says: what is there restricts.
    mustChangePassword: claims['must_change_password'] !== undefined && claims['must_change_password'] !== false,
    expiresAt: endsAt + clockToleranceMs,
    endsAt,
  });
}

const textClaim = (value: unknown): string =>
  typeof value === 'string' && value.length <= 255 && value.trim() !== '' ? value : '';

/** RFC 8693 §4.2 writes scopes as one text with spaces, others as a list. */
const listClaim = (value: unknown): readonly string[] => {
  const items: unknown[] = typeof value === 'string' ? value.split(' ') : Array.isArray(value) ? value : [];
  return Object.freeze(items.filter((item): item is string => typeof item === 'string' && item !== ''));
};
