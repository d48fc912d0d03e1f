import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';

import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';

import { Refusal } from '@libs/errors';

export const maxBodyBytes = 1024 * 1024;

const bounds: JsonBounds = {
  /** Deeper than any of our input, and far from what makes recursive code run out of stack. */
  depth: 32,
  /** A parser takes fifty times as long for a megabyte of short names as for a megabyte of text. */
  members: 10_000,
};

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
    const excess = excessOf(body, bounds);
    if (excess !== undefined) {
      const detail = `The body has more than ${bounds[excess]} ${excess === 'depth' ? 'levels' : 'members'}.`;
      return done(new Refusal('REQUEST_MALFORMED', { detail }), undefined);
    }
    return void parse(request as FastifyRequest, body.toString('utf8'), done as Done);
  });
}

const isSaidToBeUtf8 = (contentType = ''): boolean =>
  [...contentType.matchAll(charsets)].every(([, charset]) => /^utf-?8$/i.test(charset ?? ''));

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;

export interface JsonBounds {
  /** Of arrays and objects within one another. */
  readonly depth: number;
  /** Of all objects together. */
  readonly members: number;
}

/** Counts brackets and colons outside of strings, before a parser has made anything of them. */
export function excessOf(json: Uint8Array, most: JsonBounds): keyof JsonBounds | undefined {
  let depth = 0;
  let members = 0;
  let isInString = false;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (isInString) {
      if (byte === backslash) at++;
      else if (byte === quote) isInString = false;
    } else if (byte === quote) isInString = true;
    else if (byte === colon) {
      if (++members > most.members) return 'members';
    } else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > most.depth) return 'depth';
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return undefined;
}
