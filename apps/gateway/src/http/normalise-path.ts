import { Refusal } from '@libs/errors';

import { encodedSlash } from './encoded-slash.js';

// Segments that are already in normal form: unreserved characters and sub-delims, none of them `.` or `..`.
const alreadyNormal = /^(?:\/(?!\.{1,2}(?:$|[/;]))[\w.~!$&'()*+,=:@-]+)*\/?$/;

const allowedRaw = /^[!-~]*$/;
const escape = /%(..?)?/g;
const hexPair = /^[0-9A-Fa-f]{2}$/;
const unreserved = /^[\w.~-]$/;

// RFC 3986 does not allow these in a path, but browsers send some of them: sent on in their encoded form.
const mustBeEncoded = /["<>^`{|}[\]]/g;

// Slash, backslash, and all that terminals, logs and C libraries read as commands (C0, DEL).
const isDangerous = (code: number): boolean => code < 0x20 || code === 0x7f || code === 0x2f || code === 0x5c;

const refuse = (internal: string): Refusal => new Refusal('REQUEST_PATH_INVALID', { internal });

export interface PathPolicy {
  /** Whether `%2F` may stay, as a character of a name. */
  readonly keepsEncodedSlashes: boolean;
}

const strict: PathPolicy = { keepsEncodedSlashes: false };

/**
 * The one form of a path that every later stage sees and that is sent on (RFC 3986 §6.2.2): what could be read
 * differently by the gateway and a service behind it is either made the same for both or refused.
 */
export function normalisePath(path: string, policy: PathPolicy = strict): string {
  if (alreadyNormal.test(path) && path !== '') return path;
  if (!path.startsWith('/')) throw refuse('does not begin with a slash');
  if (!allowedRaw.test(path)) throw refuse('has characters outside visible ASCII');
  if (/[\\#]/.test(path)) throw refuse('has a backslash or a fragment');
  return removeDotSegments(normaliseEscapes(path, policy));
}

function normaliseEscapes(path: string, { keepsEncodedSlashes }: PathPolicy): string {
  let hasHighBytes = false;
  const normal = path.replaceAll(escape, (text, digits: string | undefined) => {
    if (digits === undefined || !hexPair.test(digits)) throw refuse('has a broken escape');
    const code = Number.parseInt(digits, 16);
    if (keepsEncodedSlashes && code === 0x2f) return encodedSlash;
    if (isDangerous(code)) throw refuse(`has ${text}`);
    if (code >= 0x80) hasHighBytes = true;
    const character = String.fromCharCode(code);
    return unreserved.test(character) ? character : text.toUpperCase();
  });
  if (hasHighBytes) checkUtf8(normal);
  return normal.replaceAll(mustBeEncoded, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Overlong forms such as `%C0%AF` are another way to write a slash. */
function checkUtf8(path: string): void {
  let text: string;
  try {
    text = decodeURIComponent(path);
  } catch {
    throw refuse('is not UTF-8');
  }
  // C1 controls, and the marks that turn the direction of a line around.
  if (/[\u0080-\u009f\u2028-\u202e\u2066-\u2069]/.test(text)) throw refuse('has encoded control characters');
}

/** RFC 3986 §5.2.4, and empty segments removed; a path that climbs above the root is refused. */
function removeDotSegments(path: string): string {
  const kept: string[] = [];
  const segments = path.split('/').slice(1);
  segments.forEach((segment, index) => {
    const isLast = index === segments.length - 1;
    if (/^\.{1,2};/.test(segment)) throw refuse('has a dot segment with a parameter');
    if (hidesDotSegment(segment)) throw refuse('has a dot segment behind an encoded slash');
    if (segment === '..' && kept.pop() === undefined) throw refuse('climbs above the root');
    const isKept = segment !== '' && segment !== '.' && segment !== '..';
    if (isKept) kept.push(segment);
    else if (isLast) kept.push('');
  });
  return `/${kept.join('/')}`;
}

/** A service that decodes `a%2F..` before it splits the path would climb. */
const hidesDotSegment = (segment: string): boolean =>
  segment.includes(encodedSlash) && segment.split(encodedSlash).some((part) => /^\.{1,2}(?:$|;)/.test(part));
