import { rejected } from './challenge.js';

/** What an unverified token claims about its verification: good for choosing a key and for nothing else. */
export interface UnverifiedToken {
  readonly issuer: string;
  readonly kid: string | undefined;
}

export function readUnverified(token: string): UnverifiedToken {
  const [header, payload, signature, ...rest] = token.split('.');
  if (!header || !payload || !signature || rest.length > 0) throw rejected('the token is no signed JWT');
  const { kid } = parse(header);
  const { iss } = parse(payload);
  return { issuer: typeof iss === 'string' ? iss : '', kid: typeof kid === 'string' ? kid : undefined };
}

function parse(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (cause) {
    throw rejected('a part of the token is no JSON', cause);
  }
  throw rejected('a part of the token is no object');
}
