import { hasMember } from '../../http/list-field.js';
import type { AnswerHead } from '../wire/upstream-call.js';
import { MalformedAnswer } from './malformed-answer.js';

/** How the end of a body is found (RFC 9112 §6.3). */
type Framing = 'none' | 'length' | 'chunked' | 'close';

export interface Http1Head extends AnswerHead {
  readonly framing: Framing;
  readonly keepsConnection: boolean;
  /** What the instance says about how long it keeps an unused connection; undefined if nothing. */
  readonly keepAliveMs: number | undefined;
}

const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [\t -~\x80-\xff]*)?$/;
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const notText = /[^\t -~\x80-\xff]/;
const digits = /^\d{1,15}$/;

const maxRemembered = 2_000;
/** Names as they are written, and in lower case: the same few come again and again. */
const lowerCased = new Map<string, string>();

/**
 * Reads the head of an answer, without the empty line. Strict, because what is read leniently here and otherwise
 * elsewhere is how one client gets the answer to another: one length at most, no folding, no bare line breaks.
 */
export function parseAnswerHead(text: string, method: string): Http1Head {
  const firstEnd = text.indexOf('\r\n');
  const first = firstEnd === -1 ? text : text.slice(0, firstEnd);
  const [, minor, code] = statusLine.exec(first) ?? [];
  if (code === undefined) throw new MalformedAnswer('the status line is none');

  const headers: string[] = [];
  let length: string | undefined;
  let coding: string | undefined;
  let connection: string | undefined;
  let keepAlive: string | undefined;
  let at = firstEnd === -1 ? text.length : firstEnd + 2;
  while (at < text.length) {
    const end = text.indexOf('\r\n', at);
    const stop = end === -1 ? text.length : end;
    const colon = text.indexOf(':', at);
    if (colon === -1 || colon >= stop) throw new MalformedAnswer('a header has no colon');
    const name = lowerCase(text.slice(at, colon));
    const value = fieldValue(text, colon + 1, stop);
    at = stop + 2;

    if (name === 'content-length') {
      if (length !== undefined || !digits.test(value)) throw new MalformedAnswer('the length is none, or there twice');
      length = value;
    } else if (name === 'transfer-encoding') {
      if (coding !== undefined) throw new MalformedAnswer('there are two transfer encodings');
      coding = value.toLowerCase();
    } else if (name === 'connection') connection = connection === undefined ? value : `${connection}, ${value}`;
    else if (name === 'keep-alive') keepAlive = value;
    headers.push(name, value);
  }
  const status = Number(code);
  const framing = framingOf(status, method, minor === '1', length, coding);
  // To HEAD, in 304 and by mistake a body is announced that must not come. One that does come would be the next answer.
  const mayBeFollowed = framing === 'none' && (coding !== undefined || Number(length ?? 0) > 0);
  return {
    status,
    headers,
    connection,
    framing,
    length: framing === 'length' ? Number(length) : framing === 'none' ? 0 : undefined,
    keepsConnection: keepsConnection(connection, minor === '1') && framing !== 'close' && !mayBeFollowed,
    keepAliveMs: keepAliveMs(keepAlive),
  };
}

/** Names and values of trailers, which may not say anything about framing. */
export function parseTrailers(text: string): string[] {
  const trailers: string[] = [];
  for (const line of text.split('\r\n')) {
    if (line === '') continue;
    const colon = line.indexOf(':');
    if (colon === -1) throw new MalformedAnswer('a trailer has no colon');
    trailers.push(lowerCase(line.slice(0, colon)), fieldValue(line, colon + 1, line.length));
  }
  return trailers;
}

/** Only spaces and tabs may be cut off: `trim` takes more away than RFC 9112 §5 allows. */
function fieldValue(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  const value = text.slice(start, end);
  if (notText.test(value)) throw new MalformedAnswer('a header has control characters');
  return value;
}

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;

function lowerCase(name: string): string {
  let lower = lowerCased.get(name);
  if (lower === undefined) {
    if (!token.test(name)) throw new MalformedAnswer('the name of a header is none');
    lower = name.toLowerCase();
    if (lowerCased.size < maxRemembered) lowerCased.set(name, lower);
  }
  return lower;
}

function framingOf(
  status: number,
  method: string,
  isHttp11: boolean,
  length: string | undefined,
  coding: string | undefined,
): Framing {
  if (coding !== undefined) {
    if (length !== undefined) throw new MalformedAnswer('it has a length and chunks');
    if (coding !== 'chunked' || !isHttp11) throw new MalformedAnswer('the transfer encoding is not chunked');
  }
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304) return 'none';
  if (coding !== undefined) return 'chunked';
  return length === undefined ? 'close' : 'length';
}

function keepsConnection(connection: string | undefined, isHttp11: boolean): boolean {
  if (connection === undefined) return isHttp11;
  if (hasMember(connection, 'close')) return false;
  return isHttp11 || hasMember(connection, 'keep-alive');
}

function keepAliveMs(keepAlive: string | undefined): number | undefined {
  if (keepAlive === undefined) return undefined;
  const [, seconds] = /(?:^|[\s,])timeout=(\d{1,6})/i.exec(keepAlive) ?? [];
  return seconds === undefined ? undefined : Number(seconds) * 1_000;
}
