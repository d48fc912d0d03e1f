import { createHmac, createSecretKey, type Hmac, type KeyObject } from 'node:crypto';

const prepared = new WeakMap<Buffer, KeyObject>();

/** HMAC-SHA256 under a seal key. Node takes five times as long when it gets the key as bytes for each call. */
export function sealMac(key: Buffer, text: string): Hmac {
  let keyObject = prepared.get(key);
  if (keyObject === undefined) {
    keyObject = createSecretKey(key);
    prepared.set(key, keyObject);
  }
  return createHmac('sha256', keyObject).update(text);
}
