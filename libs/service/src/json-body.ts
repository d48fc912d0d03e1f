import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';

import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';

import { Refusal } from '@libs/errors';

export const maxBodyBytes = 1024 * 1024;

/** Deeper than any of our input, and far from what makes recursive code run out of stack. */
const maxDepth = 32;

const charsets = /;\s*charset\s*=\s*"?([^\s;"]*)/gi;

type Done = (error: Error | null, body?: unknown) => void;

/** JSON as RFC 8259 has it: UTF-8, not too deep, without `__proto__`. An empty body is no body. */
export function acceptJson(
  app: NestFastifyApplication,
  bodyLimit = maxBodyBytes,
  otherNames: readonly string[] = [],
): void {
  const parse = app.getHttpAdapter().getInstance().getDefaultJsonParser('error', 'error');
  app.useBodyParser(['application/json', ...otherNames], { bodyLimit }, (request, body, done) => {
    const reject = (internal: string): void => done(new Refusal('REQUEST_MALFORMED', { internal }), undefined);
    if (((request.raw as IncomingMessage).headersDistinct['content-type']?.length ?? 0) > 1)
      return reject('two content types');
    if (!isSaidToBeUtf8(request.headers['content-type'])) return done(new Refusal('REQUEST_MEDIA_TYPE_UNSUPPORTED'));
    if (body.length === 0) return done(null, undefined);
    if (!isUtf8(body)) return reject('the body is not UTF-8');
    if (isDeeperThan(maxDepth, body)) return reject('the body is nested too deeply');
    return void parse(request as FastifyRequest, body.toString('utf8'), done as Done);
  });
}

const isSaidToBeUtf8 = (contentType = ''): boolean =>
  [...contentType.matchAll(charsets)].every(([, charset]) => /^utf-?8$/i.test(charset ?? ''));

const quote = 0x22;
const backslash = 0x5c;

/** Counts brackets outside of strings, before a parser has made anything of them. */
export function isDeeperThan(limit: number, json: Uint8Array): boolean {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (isInString) {
      if (byte === backslash) at++;
      else if (byte === quote) isInString = false;
    } else if (byte === quote) isInString = true;
    else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > limit) return true;
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return false;
}
