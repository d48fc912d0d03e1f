import { type ErrorCode, Refusal } from '@libs/errors';

const definite: ReadonlySet<ErrorCode> = new Set(['REQUEST_INVALID', 'RESOURCE_NAME_TAKEN', 'RESOURCE_CONFLICT']);

/**
 * Whether tenant-service has answered that it will not open the account, now or later. After any other
 * error nobody knows what it did, and only asking again with the same ids can tell.
 */
export const isDefiniteRefusal = (error: unknown): error is Refusal =>
  error instanceof Refusal && definite.has(error.code);
