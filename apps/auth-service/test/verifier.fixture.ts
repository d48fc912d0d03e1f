import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';

import type { AuthStack } from './auth-stack.fixture.js';

const refreshMs = 240_000;

/** A gateway's view of the published keys, by the clock of the service: a copy that is fetched again every four minutes. */
export class Verifier {
  private fetchedAt = -Infinity;
  private keys: ReturnType<typeof createLocalJWKSet> | undefined;

  constructor(private readonly stack: AuthStack) {}

  async fetch(): Promise<void> {
    const { body } = await this.stack.call('GET', '/auth/.well-known/jwks.json', { sealed: false });
    this.keys = createLocalJWKSet(body as JSONWebKeySet);
    this.fetchedAt = this.now();
  }

  /** The id of the key that the token was signed with. */
  async verify(token: string): Promise<string> {
    if (this.now() - this.fetchedAt >= refreshMs) await this.fetch();
    if (this.keys === undefined) throw new Error('no keys were fetched');
    const { protectedHeader } = await jwtVerify(token, this.keys, {
      issuer: 'http://localhost:8080',
      audience: 'gatehouse',
      typ: 'at+jwt',
      algorithms: ['RS256', 'ES256', 'EdDSA'],
      clockTolerance: 5,
      currentDate: this.stack.clock.now(),
    });
    return protectedHeader.kid ?? '';
  }

  private now(): number {
    return this.stack.clock.now().getTime();
  }
}
