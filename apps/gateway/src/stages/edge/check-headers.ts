import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

import { Refusal } from '@libs/errors';

import type { LimitsConfig } from '../../configuration/schema/limits.schema.js';
import { isHttp2 } from '../../http/is-http2.js';
import { hostOf, isHost } from '../../http/authority.js';
import { hasDoubtfulFraming } from '../../http/framing.js';
import { membersOf } from '../../http/list-field.js';

/** Two of these are two requests in one: which of them counts would depend on who reads. */
const singletons = new Set(['host', 'content-length', 'transfer-encoding', 'content-type', 'authorization']);

/** Refuses headers that are too many, too large, or that mean two things at once. */
export function checkHeaders(request: IncomingMessage, limits: LimitsConfig, credentialHeader: string): void {
  const { rawHeaders, headers } = request;
  if (rawHeaders.length > limits.headerCount * 2) throw new Refusal('REQUEST_HEADERS_TOO_LARGE');
  checkEach(rawHeaders, limits.headerBytes, credentialHeader);

  const { host } = headers;
  if (isHttp2(request)) checkAuthority(headers);
  else if (host === undefined ? request.httpVersion !== '1.0' : !isHost(host)) throw invalidHeader('host');
  const { expect } = headers;
  if (expect !== undefined && request.httpVersion !== '1.0' && !expectsOnlyToContinue(expect)) {
    throw invalidHeader('expect');
  }
  if (hasDoubtfulFraming(request)) throw invalidHeader('transfer-encoding');
}

const expectsOnlyToContinue = (expect: string): boolean =>
  membersOf(expect).every((expectation) => expectation.toLowerCase() === '100-continue');

/** RFC 9113 §8.3.1: a client of HTTP/2 may name the host in two places, if they say the same. */
function checkAuthority(headers: IncomingHttpHeaders): void {
  const named = hostOf(headers);
  const authority = headers[':authority'] ?? named;
  if (!isHost(named) || named.toLowerCase() !== String(authority).toLowerCase()) throw invalidHeader('host');
}

function checkEach(rawHeaders: readonly string[], maxBytes: number, credentialHeader: string): void {
  let bytes = 0;
  const seen = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    bytes += name.length + (rawHeaders[index + 1] ?? '').length + 4;
    if (singletons.has(name) || name === credentialHeader) {
      if (seen.has(name)) throw invalidHeader(name);
      seen.add(name);
    }
  }
  if (bytes > maxBytes) throw new Refusal('REQUEST_HEADERS_TOO_LARGE');
}

export const invalidHeader = (name: string): Refusal =>
  new Refusal('REQUEST_HEADER_INVALID', {
    errors: [{ field: name, code: 'INVALID', message: 'is malformed, missing or there twice' }],
    internal: `header ${name}`,
  });
