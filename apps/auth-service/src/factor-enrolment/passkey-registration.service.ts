import { Inject, Injectable } from '@nestjs/common';
import { generateRegistrationOptions, verifyRegistrationResponse } from '@simplewebauthn/server';
import { decodeAttestationObject } from '@simplewebauthn/server/helpers';

import { invalidField, Refusal } from '@libs/errors';
import { newId } from '@libs/persistence';

import { Challenges } from '../challenges/challenges.js';
import type { Addressee } from '../emails/user-mailer.js';
import { SecondFactors } from '../second-factors/second-factors.js';
import { SecurityLog } from '../security-events/security-log.js';
import { SessionStore } from '../sessions/session.store.js';
import { AUTH_SETTINGS, type AuthSettings } from '../settings/settings.js';
import { challengeIn, decodeChallenge, shortReason } from '../passkeys/passkey-check.js';
import type { Passkey } from '../passkeys/passkey.entity.js';
import type { AddPasskey, PasskeyOptions, PasskeyRegistration } from '../passkeys/passkey.schema.js';
import { PasskeyStore } from '../passkeys/passkey.store.js';
import { type RelyingParty, relyingParty } from '../passkeys/relying-party.js';

const challengeLifetimeMs = 5 * 60_000;
const mostPasskeys = 20;
/** Ed25519, P-256 and RSA with SHA-256, as COSE counts them. */
const algorithms = [-8, -7, -257];
const mostCounted = 2 ** 31 - 1;

interface AddedPasskey {
  readonly passkey: Passkey;
  readonly recoveryCodes: string[];
}

@Injectable()
export class PasskeyRegistrationService {
  private readonly party: RelyingParty;

  constructor(
    private readonly challenges: Challenges,
    private readonly passkeys: PasskeyStore,
    private readonly factors: SecondFactors,
    private readonly sessions: SessionStore,
    private readonly log: SecurityLog,
    @Inject(AUTH_SETTINGS) settings: Pick<AuthSettings, 'issuer' | 'passkeyDomain' | 'passkeyOrigins'>,
  ) {
    this.party = relyingParty(settings);
  }

  async begin({ id, username }: Addressee): Promise<PasskeyOptions> {
    const known = await this.passkeys.credentialsOf(id);
    if (known.length >= mostPasskeys) throw new Refusal('RESOURCE_CONFLICT', { detail: 'Remove a passkey first.' });
    const options = await generateRegistrationOptions({
      rpID: this.party.id,
      rpName: this.party.name,
      userID: Buffer.from(id),
      userName: username,
      challenge: this.challenges.issue('passkey-registration', id, challengeLifetimeMs),
      timeout: challengeLifetimeMs,
      attestationType: 'none',
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      supportedAlgorithmIDs: algorithms,
      excludeCredentials: known.map(({ credentialId }) => ({ id: credentialId })),
    });
    return { options: { ...options } };
  }

  /** The session has used the new passkey, so it goes on as one that was opened with two factors. */
  async add(user: Addressee, sessionId: string, { name, response }: AddPasskey): Promise<AddedPasskey> {
    const challenge = this.challenges.read('passkey-registration', challengeIn(response));
    if (challenge?.subject !== user.id || !(await this.challenges.use(challenge))) {
      throw new Refusal('AUTH_CHALLENGE_REJECTED', { internal: 'not of this registration, too old, or used' });
    }
    const made = await this.verify(response);
    let passkey: Passkey | undefined;
    const recoveryCodes = await this.factors.add(user, 'passkey-added', async () => {
      passkey = await this.passkeys.add({ ...made, id: newId(), userId: user.id, name });
      if (passkey === undefined) return false;
      await this.log.note('passkey.added', { user_id: user.id, session_id: sessionId, subject: passkey.id });
      return true;
    });
    if (passkey === undefined || recoveryCodes === undefined) throw new Refusal('RESOURCE_NAME_TAKEN');
    const amr = [passkey.isSynchronised ? 'swk' : 'hwk', 'mfa'];
    await this.sessions.strengthen({ id: sessionId, userId: user.id }, amr);
    return { passkey, recoveryCodes };
  }

  private async verify(response: PasskeyRegistration) {
    try {
      refuseCertificates(response);
      const { registrationInfo } = await verifyRegistrationResponse({
        response: response as Parameters<typeof verifyRegistrationResponse>[0]['response'],
        expectedChallenge: (answered) => decodeChallenge(answered) === challengeIn(response),
        expectedOrigin: [...this.party.origins],
        expectedRPID: this.party.id,
        requireUserVerification: true,
        supportedAlgorithmIDs: algorithms,
      });
      if (registrationInfo === undefined) throw new Error('not verified');
      const { credential, credentialDeviceType } = registrationInfo;
      if (credential.counter > mostCounted) throw new Error('the counter is too high');
      return {
        credentialId: credential.id,
        publicKey: Buffer.from(credential.publicKey).toString('base64url'),
        counter: credential.counter,
        transports: response.response.transports,
        isSynchronised: credentialDeviceType === 'multiDevice',
      };
    } catch (error) {
      await this.log.note('passkey.refused', { reason: shortReason(error) });
      throw invalidField('response', 'NOT_ALLOWED', 'is not the answer of an authenticator to this challenge');
    }
  }
}

/** Nothing is asked of authenticators, and certificates would be followed to addresses that whoever sends them chooses. */
function refuseCertificates({ response: { attestationObject } }: PasskeyRegistration): void {
  const attestation = decodeAttestationObject(Buffer.from(attestationObject, 'base64url'));
  const format = attestation.get('fmt');
  if (!['none', 'packed'].includes(format) || attestation.get('attStmt').get('x5c') !== undefined) {
    throw new Error(`an attestation of format ${format} was sent`);
  }
}
