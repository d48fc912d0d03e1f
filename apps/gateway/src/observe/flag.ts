import type { ErrorCode } from '@libs/errors';

/** Why a request was refused or failed, in one word of a closed list; empty when it was answered. */
export const flags = [
  '',
  'request_malformed',
  'path_invalid',
  'header_invalid',
  'uri_too_long',
  'headers_too_large',
  'body_too_large',
  'request_timeout',
  'client_gone',
  'route_not_found',
  'method_not_allowed',
  'address_denied',
  'rate_limited',
  'credentials_missing',
  'credentials_rejected',
  'access_denied',
  'user_inactive',
  'tenant_inactive',
  'tenant_denied',
  'identity_unavailable',
  'no_instance',
  'upstream_unreachable',
  'upstream_connect_timeout',
  'upstream_header_timeout',
  'upstream_idle_timeout',
  'upstream_reset',
  'upstream_malformed',
  'draining',
  'internal',
] as const;

export type Flag = (typeof flags)[number];

const flagOfCode: Partial<Record<ErrorCode, Flag>> = {
  REQUEST_INVALID: 'request_malformed',
  REQUEST_MALFORMED: 'request_malformed',
  REQUEST_PATH_INVALID: 'path_invalid',
  REQUEST_HEADER_INVALID: 'header_invalid',
  REQUEST_TIMEOUT: 'request_timeout',
  REQUEST_BODY_TOO_LARGE: 'body_too_large',
  REQUEST_URI_TOO_LONG: 'uri_too_long',
  REQUEST_HEADERS_TOO_LARGE: 'headers_too_large',
  REQUEST_CANCELLED: 'client_gone',
  ROUTE_NOT_FOUND: 'route_not_found',
  ROUTE_METHOD_NOT_ALLOWED: 'method_not_allowed',
  AUTH_CREDENTIALS_MISSING: 'credentials_missing',
  AUTH_CREDENTIALS_REJECTED: 'credentials_rejected',
  ACCESS_DENIED: 'access_denied',
  ACCESS_USER_INACTIVE: 'user_inactive',
  ACCESS_TENANT_INACTIVE: 'tenant_inactive',
  ACCESS_TENANT_DENIED: 'tenant_denied',
  ACCESS_ADDRESS_DENIED: 'address_denied',
  RATE_LIMITED: 'rate_limited',
  SERVICE_UNAVAILABLE: 'identity_unavailable',
  SERVICE_TIMEOUT: 'identity_unavailable',
  SERVICE_DRAINING: 'draining',
  UPSTREAM_FAILED: 'upstream_reset',
  UPSTREAM_UNAVAILABLE: 'no_instance',
  UPSTREAM_TIMEOUT: 'upstream_header_timeout',
};

/** The flag of a refusal, unless a stage that knows more has set one. */
export const flagOf = (code: ErrorCode): Flag => flagOfCode[code] ?? 'internal';
