import { randomUUID } from 'node:crypto';

import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { type SecretOrKeyProvider, Strategy } from 'passport-jwt';

import type { IssuerConfig } from '../../../configuration/schema/authentication.schema.js';
import { checkExpiry, checkToken } from './check-token.js';
import { type JsonObject, readJws } from './compact-jws.js';
import { readBearerToken } from '../credentials/credentials.js';
import { asPassportKey, useOurJwtVerifier } from './jwt-verifier.js';
import type { KeySource } from '../issuers/key-source.js';
import type { TokenClock } from './token-clock.js';
import { readToken, type VerifiedToken } from './verified-token.js';

useOurJwtVerifier();

/** Verifies the tokens of one issuer with one of its keys. */
export class JwtStrategy extends PassportStrategy(Strategy) {
  private readonly clockToleranceMs: number;

  constructor(
    issuer: IssuerConfig,
    keys: KeySource,
    private readonly clock: TokenClock,
  ) {
    super({
      jwtFromRequest: ({ headers }) => readBearerToken(headers.authorization ?? '', issuer.maxTokenLength),
      secretOrKeyProvider: keyProvider(issuer, keys, clock),
    });
    this.clockToleranceMs = issuer.clockTolerance;
    // Passport keeps one register for the process and one name for each strategy. It has to be a name: a
    // strategy that is handed over itself is shared by all requests, and they would get each other's answers.
    this.name = `jwt-${randomUUID()}`;
    passport.use(this.name, this);
  }

  validate(claims: JsonObject): VerifiedToken {
    const token = readToken(claims, this.clockToleranceMs);
    checkExpiry(token, this.clock);
    return token;
  }

  close(): void {
    passport.unuse(this.name);
  }
}

const keyProvider =
  (issuer: IssuerConfig, keys: KeySource, clock: TokenClock): SecretOrKeyProvider =>
  (_request, token: string, done) =>
    void provideKey(issuer, keys, clock, token, done);

async function provideKey(
  issuer: IssuerConfig,
  keys: KeySource,
  clock: TokenClock,
  token: string,
  done: Parameters<SecretOrKeyProvider>[2],
): Promise<void> {
  try {
    const jws = readJws(token);
    checkToken(jws, issuer, clock);
    const { kid } = jws.header;
    done(null, asPassportKey({ jws, publicKey: await keys.find(typeof kid === 'string' ? kid : undefined) }));
  } catch (error) {
    done(error);
  }
}
