import { rejected } from '../credentials/challenge.js';
import { hasUniqueNames } from './unique-names.js';

export type JsonObject = Readonly<Record<string, unknown>>;

/** A signed JWT taken apart (RFC 7515 §7.1). Nothing in it is to be believed before its signature is verified. */
export interface CompactJws {
  readonly header: JsonObject;
  readonly claims: JsonObject;
  /** What is signed. */
  readonly input: string;
  readonly signature: Buffer;
}

export function readJws(token: string): CompactJws {
  const [header = '', claims = '', signature = '', ...rest] = token.split('.');
  if (signature === '' || rest.length > 0) throw rejected('the token is no signed JWT');
  return {
    header: readObject(header),
    claims: readObject(claims),
    input: `${header}.${claims}`,
    signature: decode(signature),
  };
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function readObject(part: string): JsonObject {
  const value = parse(decode(part));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw rejected('a part of the token is no object');
  }
  return value as JsonObject;
}

function parse(bytes: Buffer): unknown {
  let text: string;
  let value: unknown;
  try {
    text = utf8.decode(bytes);
    value = JSON.parse(text);
  } catch (cause) {
    throw rejected('a part of the token is no JSON', cause);
  }
  if (!hasUniqueNames(text)) throw rejected('a part of the token has a name twice');
  return value;
}

/** One value has one spelling: no padding, no other alphabet, no white space, no bits left over (RFC 4648 §3.5). */
function decode(part: string): Buffer {
  const bytes = Buffer.from(part, 'base64url');
  if (bytes.toString('base64url') !== part) throw rejected('a part of the token is no canonical base64url');
  return bytes;
}
