import { type AuthMethod, authMethods, type Identity } from './identity.js';

// Visible ASCII without `%` and `,`: what may stand in a header and in a comma-separated list as it is.
const plain = /^[!-$&-+\--~]*$/;

export const toHeaderText = (value: string): string =>
  plain.test(value) ? value : encodeURIComponent(value.toWellFormed());

export const fromHeaderText = (text: string): string => (text.includes('%') ? decodeURIComponent(text) : text);

export const toHeaderList = (values: readonly string[]): string => {
  if (values.length === 0) return '';
  return values.length === 1 ? toHeaderText(values[0] ?? '') : values.map(toHeaderText).join(',');
};

const fromHeaderList = (text: string): string[] => (text === '' ? [] : text.split(',').map(fromHeaderText));

const isAuthMethod = (text: string): text is AuthMethod => (authMethods as readonly string[]).includes(text);

/** Reads what `sealIdentity` wrote; the seal must have been checked before. */
export function identityFrom(header: (name: string) => string): Identity {
  const authMethod = header('x-auth-method');
  return {
    userId: fromHeaderText(header('x-user-id')),
    userName: fromHeaderText(header('x-user-name')),
    active: header('x-active') === 'true',
    roles: fromHeaderList(header('x-roles')),
    scopes: fromHeaderList(header('x-scopes')),
    tenantId: fromHeaderText(header('x-tenant-id')),
    sessionId: fromHeaderText(header('x-session-id')),
    authMethod: isAuthMethod(authMethod) ? authMethod : 'none',
    apiKeyId: fromHeaderText(header('x-api-key-id')),
  };
}
