import { rejected } from './challenge.js';

/** What a token says, once its signature, issuer, audience and times have been checked. */
export interface VerifiedToken {
  readonly subject: string;
  /** Empty if the token names nobody. */
  readonly userName: string;
  readonly tenantId: string;
  readonly sessionId: string;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
  /** Milliseconds since 1970, with the tolerance for clocks added. */
  readonly expiresAt: number;
  /** The same as its issuer says it. What goes on for longer than a request ends then. */
  readonly endsAt: number;
}

export interface DecodedToken {
  readonly header: { readonly typ?: unknown; readonly crit?: unknown };
  readonly payload: unknown;
}

/** RFC 9068 §4 asks for `at+jwt`, so that an ID token is no key; `JWT` is what most issuers still write. */
const types = new Set(['at+jwt', 'application/at+jwt', 'jwt']);

/** Checks what the signature library leaves open. */
export function readToken({ header, payload }: DecodedToken, clockToleranceMs: number): VerifiedToken {
  if (typeof header.typ !== 'string' || !types.has(header.typ.toLowerCase()))
    throw rejected('typ is not at+jwt or JWT');
  // RFC 7515 §4.1.11: an extension that is critical and not understood makes the token invalid.
  if (header.crit !== undefined) throw rejected('crit is not understood');
  if (typeof payload !== 'object' || payload === null) throw rejected('the claims are no object');

  const claims = payload as Record<string, unknown>;
  if (typeof claims['exp'] !== 'number') throw rejected('exp is missing');
  const subject = textClaim(claims['sub']);
  if (subject === '') throw rejected('sub is missing');

  return Object.freeze({
    subject,
    userName: textClaim(claims['preferred_username']) || textClaim(claims['name']),
    tenantId: textClaim(claims['tid']),
    sessionId: textClaim(claims['sid']),
    roles: listClaim(claims['roles']),
    scopes: listClaim(claims['scope']),
    expiresAt: claims['exp'] * 1_000 + clockToleranceMs,
    endsAt: claims['exp'] * 1_000,
  });
}

const textClaim = (value: unknown): string => (typeof value === 'string' && value.length <= 255 ? value : '');

/** RFC 8693 §4.2 writes scopes as one text with spaces, others as a list. */
const listClaim = (value: unknown): readonly string[] => {
  const items: unknown[] = typeof value === 'string' ? value.split(' ') : Array.isArray(value) ? value : [];
  return Object.freeze(items.filter((item): item is string => typeof item === 'string' && item !== ''));
};
