import type { HashConfig } from '../../configuration/schema/balance.schema.js';
import type { PickContext } from '../pick-context.js';

/** What is hashed of a request. Whoever lacks it is told apart by address. */
export function hashKeyOf({ on, name = '' }: HashConfig): (context: PickContext) => string {
  const header = name.toLowerCase();
  switch (on) {
    case 'address':
      return ({ clientAddress }) => clientAddress;
    case 'user':
      return ({ identity, clientAddress }) => identity.userId || clientAddress;
    case 'header':
      return ({ headers, clientAddress }) => String(headers[header] ?? '') || clientAddress;
    case 'cookie':
      return ({ headers, clientAddress }) => cookieIn(headers.cookie ?? '', `${name}=`) || clientAddress;
  }
}

function cookieIn(cookies: string, prefix: string): string {
  for (const cookie of cookies.split(';')) {
    const trimmed = cookie.trim();
    if (trimmed.startsWith(prefix)) return trimmed.slice(prefix.length);
  }
  return '';
}
