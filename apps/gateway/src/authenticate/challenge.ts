import { Refusal } from '@libs/errors';

/** RFC 9110 §11.6.1: a 401 says how to do better; RFC 6750 §3: a refused token is called invalid. */
export const missing = (): Refusal =>
  new Refusal('AUTH_CREDENTIALS_MISSING', { headers: { 'www-authenticate': 'Bearer' } });

/** The reason is for the log: to the caller all bad credentials look the same. */
export const rejected = (reason: string, cause?: unknown): Refusal =>
  new Refusal('AUTH_CREDENTIALS_REJECTED', {
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
    internal: reason,
    cause,
  });
