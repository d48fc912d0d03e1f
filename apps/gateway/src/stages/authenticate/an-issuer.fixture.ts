import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

import type { IssuerConfig } from '../../configuration/schema/authentication.schema.js';
import { rejected } from './credentials/challenge.js';
import { KeySource, type PublicKey } from './issuers/key-source.js';

export const issuerConfig: IssuerConfig = {
  issuer: 'https://issuer.test',
  audience: 'gatehouse',
  algorithms: ['RS256'],
  types: ['at+jwt', 'JWT'],
  maxTokenLength: 8_192,
  clockTolerance: 0,
};

export const aKeyPair = () => generateKeyPairSync('rsa', { modulusLength: 2048 });

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = (): number => Math.floor(Date.now() / 1_000);

/** A token that is good, except for what the test says otherwise. */
export function aToken(
  privateKey: KeyObject,
  claims: Readonly<Record<string, unknown>> = {},
  header: Readonly<Record<string, unknown>> = {},
): string {
  const text = [
    encode({ alg: 'RS256', typ: 'at+jwt', kid: 'key-1', ...header }),
    encode({
      iss: 'https://issuer.test',
      aud: 'gatehouse',
      sub: 'user-alice',
      sid: 'session-1',
      tid: 'tenant-acme',
      roles: ['owner'],
      iat: now(),
      exp: now() + 600,
      ...claims,
    }),
  ].join('.');
  return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
}

/** The classic forgery: the public key, which everybody has, as the secret of an HMAC. */
export function anHmacToken(publicKey: KeyObject, good: string): string {
  const text = [encode({ alg: 'HS256', typ: 'at+jwt', kid: 'key-1' }), good.split('.')[1]].join('.');
  const secret = publicKey.export({ type: 'spki', format: 'pem' });
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

export class FixedKeys extends KeySource {
  withdraw: () => void = () => undefined;
  asked = 0;

  constructor(private readonly keys: Readonly<Record<string, KeyObject>>) {
    super();
  }

  find(kid = ''): Promise<PublicKey> {
    this.asked++;
    const key = this.keys[kid];
    return key === undefined ? Promise.reject(rejected('no key of this id')) : Promise.resolve({ key });
  }

  onWithdrawal(listener: () => void): () => void {
    this.withdraw = listener;
    return () => undefined;
  }

  close(): void {
    // Nothing runs.
  }
}
