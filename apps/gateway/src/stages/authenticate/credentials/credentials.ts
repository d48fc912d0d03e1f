import type { IncomingHttpHeaders } from 'node:http';

import { Refusal } from '@libs/errors';

import { rejected } from './challenge.js';

export type Credentials =
  { readonly kind: 'jwt'; readonly token: string } | { readonly kind: 'api-key'; readonly key: string };

/** RFC 6750 §2.1: the scheme in any case, one token of this alphabet. */
const bearer = /^Bearer +([A-Za-z0-9\-._~+/]+=*) *$/i;
const apiKey = /^[!-+\--~]{1,512}$/;

/**
 * What the caller sent to say who they are; undefined if nothing. Tokens in the query or the body are never
 * looked at: they end up in logs and histories. Two credentials are refused, because whoever checks next might
 * believe the other one. That neither header is there twice, the edge has seen to.
 */
export function readCredentials(
  headers: IncomingHttpHeaders,
  apiKeyHeader: string | undefined,
  maxTokenLength: number,
): Credentials | undefined {
  const { authorization } = headers;
  const key = apiKeyHeader === undefined ? undefined : headers[apiKeyHeader];

  if (authorization !== undefined && key !== undefined) throw ambiguous('Send a token or an API key, not both.');
  if (authorization !== undefined) return { kind: 'jwt', token: readBearerToken(authorization, maxTokenLength) };
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !apiKey.test(key)) throw rejected('this is no API key');
  return { kind: 'api-key', key };
}

export function readBearerToken(authorization: string, maxTokenLength: number): string {
  const token = bearer.exec(authorization)?.[1];
  if (token === undefined) throw rejected('the Authorization header holds no bearer token');
  if (token.length > maxTokenLength) throw rejected('the token is too long');
  return token;
}

const ambiguous = (message: string): Refusal =>
  new Refusal('REQUEST_HEADER_INVALID', { errors: [{ field: 'authorization', code: 'AMBIGUOUS', message }] });
