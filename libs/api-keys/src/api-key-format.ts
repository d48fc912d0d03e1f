import { crc32 } from 'node:zlib';

import { decodeBase62, encodeBase62 } from './base62.js';

/** The words before the key proper let secret scanners find a key that was committed by mistake. */
const apiKeyPrefix = 'gth_live_';

const idBytes = 16;
const idLength = 22;
export const secretBytes = 32;
const secretLength = 43;
const checksumLength = 6;
const pattern = new RegExp(`^${apiKeyPrefix}[0-9A-Za-z]{${idLength + secretLength + checksumLength}}$`);

/**
 * `gth_live_<id><secret><checksum>`: the id finds the row, the secret proves the key, the checksum spares look-ups. That
 * is a part of the contract of ApiKeyService: whoever would ask it about a key that was mistyped or made up can tell so
 * without asking.
 */
export function writeApiKey(id: string, secret: Buffer): string {
  const body =
    apiKeyPrefix +
    encodeBase62(Buffer.from(id.replaceAll('-', ''), 'hex'), idLength) +
    encodeBase62(secret, secretLength);
  return body + checksumOf(body);
}

/** What is inside a key, or undefined for what was mistyped or is no key at all. */
export function readApiKey(key: string): { readonly id: string; readonly secret: Buffer } | undefined {
  if (!pattern.test(key)) return undefined;
  const body = key.slice(0, -checksumLength);
  if (checksumOf(body) !== key.slice(-checksumLength)) return undefined;

  const secretAt = apiKeyPrefix.length + idLength;
  const hex = decodeBase62(body.slice(apiKeyPrefix.length, secretAt), idBytes)?.toString('hex');
  const secret = decodeBase62(body.slice(secretAt), secretBytes);
  if (hex === undefined || secret === undefined) return undefined;
  return { id: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'), secret };
}

/** The beginning, enough for the owner to tell keys apart and of no use to anybody else. */
export const apiKeyHint = (key: string): string => key.slice(0, apiKeyPrefix.length + idLength);

const checksumOf = (body: string): string => {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return encodeBase62(sum, checksumLength);
};
