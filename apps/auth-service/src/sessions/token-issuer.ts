import { randomUUID } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';

import type { Account } from '../accounts/account-directory.js';
import { Clock } from '../time/clock.js';
import { CredentialStore } from '../credentials/credential.store.js';
import { AUTH_SETTINGS, type AuthSettings } from '../settings/settings.js';
import { signJwt } from '../signing-keys/sign-jwt.js';
import { SigningKeyRing } from '../signing-keys/signing-key-ring.js';
import { jitteredLifetimeMs } from '../signing-keys/access-token-lifetime.js';
import { authenticatedAt, type Session } from './session.entity.js';

export interface AccessToken {
  readonly accessToken: string;
  readonly expiresIn: number;
}

/** Of the set of claims and what they mean; a verifier that finds another one cannot know. */
const claimsVersion = 1;

/** Access tokens as RFC 9068 describes them. */
@Injectable()
export class TokenIssuer {
  constructor(
    private readonly keys: SigningKeyRing,
    private readonly clock: Clock,
    private readonly credentials: CredentialStore,
    @Inject(AUTH_SETTINGS)
    private readonly settings: Pick<AuthSettings, 'issuer' | 'audience' | 'accessTokenLifetimeMs'>,
  ) {}

  async issue(
    session: Pick<Session, 'id' | 'amr' | 'createdAt' | 'authenticatedAt'>,
    account: Account,
  ): Promise<AccessToken> {
    const now = toSeconds(this.clock.now());
    const expiresIn = Math.floor(jitteredLifetimeMs(this.settings.accessTokenLifetimeMs, Math.random()) / 1_000);
    const accessToken = await signJwt(this.keys.signer(), 'at+jwt', {
      iss: this.settings.issuer,
      aud: this.settings.audience,
      sub: account.user.id,
      iat: now,
      nbf: now,
      exp: now + expiresIn,
      jti: randomUUID(),
      sid: session.id,
      ...(account.tenant === undefined ? {} : { tid: account.tenant.id }),
      roles: account.roles,
      amr: session.amr,
      ...((await this.credentials.mustChange(account.user.id)) ? { must_change_password: true } : {}),
      auth_time: toSeconds(authenticatedAt(session)),
      ver: claimsVersion,
    });
    return { accessToken, expiresIn };
  }
}

/** NumericDate of RFC 7519. */
const toSeconds = (time: Date): number => Math.floor(time.getTime() / 1_000);
