import { Inject, Injectable } from '@nestjs/common';
import { generateAuthenticationOptions, verifyAuthenticationResponse } from '@simplewebauthn/server';

import { Challenges } from '../challenges/challenges.js';
import { SecurityLog } from '../security-events/security-log.js';
import { AUTH_SETTINGS, type AuthSettings } from '../settings/settings.js';
import type { Passkey } from './passkey.entity.js';
import type { PasskeyAssertion, PasskeyOptions } from './passkey.schema.js';
import { PasskeyStore } from './passkey.store.js';
import { type RelyingParty, relyingParty } from './relying-party.js';

const challengeLifetimeMs = 5 * 60_000;

export interface ProvenPasskey {
  readonly userId: string;
  /** RFC 8176: `hwk` for a key that cannot leave its authenticator, `swk` for one that can. */
  readonly amr: 'hwk' | 'swk';
}

/** Asks for a passkey, and tells whose it is. */
@Injectable()
export class PasskeyCheck {
  private readonly party: RelyingParty;

  constructor(
    private readonly challenges: Challenges,
    private readonly passkeys: PasskeyStore,
    private readonly log: SecurityLog,
    @Inject(AUTH_SETTINGS) settings: Pick<AuthSettings, 'issuer' | 'passkeyDomain' | 'passkeyOrigins'>,
  ) {
    this.party = relyingParty(settings);
  }

  /** Names no credentials: the authenticator knows its own, and nobody learns who has which. */
  async options(): Promise<PasskeyOptions> {
    const options = await generateAuthenticationOptions({
      rpID: this.party.id,
      challenge: this.challenges.issue('passkey', '', challengeLifetimeMs),
      timeout: challengeLifetimeMs,
      userVerification: 'required',
    });
    return { options: { ...options } };
  }

  /** Undefined for a wrong answer. The challenge is used up by right and wrong answers alike. */
  async check(assertion: PasskeyAssertion): Promise<ProvenPasskey | undefined> {
    const challenge = this.challenges.read('passkey', challengeIn(assertion));
    if (challenge === undefined || !(await this.challenges.use(challenge))) return undefined;
    const passkey = await this.passkeys.find(assertion.id);
    if (passkey === null || !isOf(passkey, assertion)) return undefined;
    const newCounter = await this.counterOf(passkey, assertion);
    if (newCounter === undefined || !(await this.passkeys.noteUse(passkey, newCounter))) return undefined;
    return { userId: passkey.userId, amr: passkey.isSynchronised ? 'swk' : 'hwk' };
  }

  /** What the authenticator counts, if its signature is right and it has not been counted before. */
  private async counterOf(passkey: Passkey, assertion: PasskeyAssertion): Promise<number | undefined> {
    try {
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        response: assertion as Parameters<typeof verifyAuthenticationResponse>[0]['response'],
        expectedChallenge: (answered) => decodeChallenge(answered) === challengeIn(assertion),
        expectedOrigin: [...this.party.origins],
        expectedRPID: this.party.id,
        requireUserVerification: true,
        credential: {
          id: passkey.credentialId,
          publicKey: Buffer.from(passkey.publicKey, 'base64url'),
          counter: passkey.counter,
        },
      });
      return verified ? authenticationInfo.newCounter : undefined;
    } catch (error) {
      await this.log.note('passkey.refused', {
        user_id: passkey.userId,
        subject: passkey.id,
        reason: shortReason(error),
      });
      return undefined;
    }
  }
}

/** For the log; what was sent may be repeated in it. */
export const shortReason = (error: unknown): string => String(error).slice(0, 200);

/** The user that the authenticator names must be the owner (WebAuthn §7.2, step 6). */
const isOf = ({ userId }: Passkey, { response: { userHandle } }: PasskeyAssertion): boolean =>
  userHandle === undefined || userHandle === null || Buffer.from(userHandle, 'base64url').toString() === userId;

export const decodeChallenge = (challenge: string): string => Buffer.from(challenge, 'base64url').toString();

/** Which of our challenges the browser says it has answered; empty if it says nothing that can be read. */
export function challengeIn({ response: { clientDataJSON } }: { response: { clientDataJSON: string } }): string {
  try {
    const { challenge } = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString()) as { challenge?: unknown };
    return typeof challenge === 'string' ? decodeChallenge(challenge) : '';
  } catch {
    return '';
  }
}
