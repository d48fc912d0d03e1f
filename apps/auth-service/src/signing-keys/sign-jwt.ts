import { type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';

export interface JwtKey {
  readonly id: string;
  readonly privateKey: KeyObject;
}

const signInThreadPool = promisify<string, Buffer, KeyObject, Buffer>(sign);

/** A compact RS256 JWS (RFC 7515) of the claims. RSA signing takes about a millisecond: not on the event loop. */
export async function signJwt(key: JwtKey, type: string, claims: Readonly<Record<string, unknown>>): Promise<string> {
  const input = `${encode({ alg: 'RS256', typ: type, kid: key.id })}.${encode(claims)}`;
  const signature = await signInThreadPool('RSA-SHA256', Buffer.from(input), key.privateKey);
  return `${input}.${signature.toString('base64url')}`;
}

const encode = (part: Readonly<Record<string, unknown>>): string =>
  Buffer.from(JSON.stringify(part)).toString('base64url');
