/** The headers that the seal covers, in the order in which it covers them. */
export const sealedHeaders = [
  'x-user-id',
  'x-user-name',
  'x-active',
  'x-roles',
  'x-scopes',
  'x-tenant-id',
  'x-session-id',
  'x-auth-method',
  'x-api-key-id',
  'x-request-id',
  'x-trace-id',
] as const;

export type SealedHeader = (typeof sealedHeaders)[number];

/** Names that only Gatehouse may set: what a client sends under them never reaches a backend. */
export const reservedHeaders: readonly string[] = [
  ...sealedHeaders,
  'x-caller',
  'signature',
  'signature-input',
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
];

const reserved = new Set(reservedHeaders);
const forwardedPrefix = 'x-forwarded-';
const anyMark = /[^a-z0-9]/g;

/**
 * What a header name becomes in backends that turn names into variables (CGI, WSGI, PHP, Rack):
 * there `X_User.Id` and `X-User-Id` are one and the same.
 */
export const aliasOf = (name: string): string => name.toLowerCase().replace(anyMark, '-');

/** True for every reserved name and for every alias of one. */
export function isReservedHeader(name: string): boolean {
  const alias = aliasOf(name);
  return reserved.has(alias) || alias.startsWith(forwardedPrefix);
}
