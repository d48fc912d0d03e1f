import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

export type JsonObject = Readonly<Record<string, unknown>>;
export type SigningAlgorithm = 'RS256' | 'ES256' | 'EdDSA';

export const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

const pairs = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: generateKeyPairSync('ed25519'),
};

export interface Written {
  readonly algorithm?: SigningAlgorithm;
  readonly header?: JsonObject;
  readonly claims?: JsonObject;
  /** The text of a part, in place of what the objects say. */
  readonly headerText?: string;
  readonly claimsText?: string;
  readonly privateKey?: KeyObject;
}

/** An issuer of tokens whose keys are published over HTTP. It signs whatever it is told to. */
export class TestIssuer {
  readonly name = 'https://issuer.test';
  readonly audience = 'gatehouse';
  fetches = 0;
  /** Of the tokens that are written from now on; below zero, they have expired. */
  lifetimeSeconds = 600;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<TestIssuer> {
    const server = createServer();
    const issuer = new TestIssuer(server);
    server.on('request', (_request, response) => {
      issuer.fetches++;
      response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'max-age=300' });
      response.end(JSON.stringify({ keys: issuer.publicKeys() }));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return issuer;
  }

  get jwksUrl(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/jwks.json`;
  }

  publicKey(algorithm: SigningAlgorithm): KeyObject {
    return pairs[algorithm].publicKey;
  }

  privateKey(algorithm: SigningAlgorithm): KeyObject {
    return pairs[algorithm].privateKey;
  }

  /** Of a token that is good: what a case leaves out or changes is said in `claims`. */
  claims(claims: JsonObject = {}): JsonObject {
    const now = Math.floor(Date.now() / 1_000);
    const begin = now + Math.min(0, this.lifetimeSeconds);
    const times = { iat: begin, nbf: begin, exp: now + this.lifetimeSeconds };
    return { iss: this.name, aud: this.audience, sub: 'user-alice', jti: 'token-1', ...times, ...claims };
  }

  write({ algorithm = 'RS256', header = {}, claims = {}, headerText, claimsText, privateKey }: Written = {}): string {
    const input = [
      encode(headerText ?? { alg: algorithm, typ: 'at+jwt', kid: algorithm, ...header }),
      encode(claimsText ?? this.claims(claims)),
    ].join('.');
    return `${input}.${this.sign(algorithm, input, privateKey).toString('base64url')}`;
  }

  sign(algorithm: SigningAlgorithm, input: string, key = this.privateKey(algorithm)): Buffer {
    const hash = algorithm === 'EdDSA' ? null : 'sha256';
    return sign(hash, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private publicKeys(): unknown[] {
    return Object.entries(pairs).map(([alg, { publicKey }]) => ({
      ...publicKey.export({ format: 'jwk' }),
      kid: alg,
      alg,
      use: 'sig',
    }));
  }
}
