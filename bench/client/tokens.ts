import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';

export const issuer = 'https://bench.example.com';
export const audience = 'bench';

const hoursOfLife = 24;
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The issuer of the access tokens of a benchmark. Its key lives as long as the run. */
export class Tokens {
  readonly publicKeyPem: string;
  private readonly privateKey: KeyObject;
  private readonly signed = new Map<number, string>();

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    this.publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    this.privateKey = privateKey;
  }

  /** The token of user number so and so, with the claims that auth-service writes. */
  of(user: number): string {
    const token = this.signed.get(user) ?? this.sign(user);
    this.signed.set(user, token);
    return token;
  }

  private sign(user: number): string {
    const iat = Math.floor(Date.now() / 1_000);
    const text = [
      encode({ alg: 'RS256', typ: 'at+jwt', kid: 'bench' }),
      encode({
        iss: issuer,
        aud: audience,
        sub: `user-${user}`,
        sid: `session-of-user-${user}`,
        tid: `tenant-${user % 100}`,
        jti: `token-${user}`,
        roles: ['owner', 'user'],
        amr: ['pwd'],
        iat,
        nbf: iat,
        auth_time: iat,
        exp: iat + hoursOfLife * 3_600,
      }),
    ].join('.');
    return `${text}.${createSign('sha256').update(text).sign(this.privateKey, 'base64url')}`;
  }
}
