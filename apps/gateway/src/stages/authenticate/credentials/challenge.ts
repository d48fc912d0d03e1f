import { Refusal } from '@libs/errors';

/** RFC 9110 §11.6.1: a 401 says how to do better; RFC 6750 §3: a refused token is called invalid. */
export const missing = (): Refusal =>
  new Refusal('AUTH_CREDENTIALS_MISSING', { headers: { 'www-authenticate': 'Bearer' } });

/**
 * To be said of a token whose signature is good, and of no other: whoever makes tokens up would learn from it which
 * issuers and audiences are taken. A client that hears it asks for a new token and need not bother its user.
 */
export const expired = (): Refusal =>
  new Refusal('AUTH_CREDENTIALS_REJECTED', {
    headers: { 'www-authenticate': 'Bearer error="invalid_token", error_description="The access token expired"' },
    detail: 'The access token expired',
  });

/** The reason is for the log: to the caller all bad credentials look the same. */
export const rejected = (reason: string, cause?: unknown): Refusal =>
  new Refusal('AUTH_CREDENTIALS_REJECTED', {
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
    internal: reason,
    cause,
  });
