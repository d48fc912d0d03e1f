import { randomUUID } from 'node:crypto';

import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { type SecretOrKeyProvider, Strategy } from 'passport-jwt';

import type { IssuerConfig } from '../configuration/authentication.schema.js';
import { readBearerToken } from './credentials.js';
import type { KeySource } from './key-source.js';
import { readUnverified } from './unverified-token.js';
import { type DecodedToken, readToken, type VerifiedToken } from './verified-token.js';

/** Verifies the tokens of one issuer with one of its keys. */
export class JwtStrategy extends PassportStrategy(Strategy) {
  private readonly clockToleranceMs: number;

  constructor(issuer: IssuerConfig, keys: KeySource) {
    super({
      jwtFromRequest: ({ headers }) => readBearerToken(headers.authorization ?? ''),
      secretOrKeyProvider: keyProvider(keys),
      issuer: issuer.issuer,
      audience: issuer.audience,
      algorithms: issuer.algorithms.filter((algorithm) => algorithm !== 'EdDSA'),
      jsonWebTokenOptions: { complete: true, clockTolerance: issuer.clockTolerance / 1_000 },
    });
    this.clockToleranceMs = issuer.clockTolerance;
    // Passport keeps one register for the process and one name for each strategy. It has to be a name: a
    // strategy that is handed over itself is shared by all requests, and they would get each other's answers.
    this.name = `jwt-${randomUUID()}`;
    passport.use(this.name, this);
  }

  validate(token: DecodedToken): VerifiedToken {
    return readToken(token, this.clockToleranceMs);
  }

  close(): void {
    passport.unuse(this.name);
  }
}

const keyProvider =
  (keys: KeySource): SecretOrKeyProvider =>
  (_request, token: string, done) =>
    void provideKey(keys, token, done);

/** Passport's types know keys as text only; the library beneath takes key objects, which need no parsing. */
async function provideKey(keys: KeySource, token: string, done: Parameters<SecretOrKeyProvider>[2]): Promise<void> {
  try {
    const key = await keys.find(readUnverified(token).kid);
    done(null, key as unknown as string);
  } catch (error) {
    done(error);
  }
}
