import { createHash } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { type Limit, type LimitPolicy, RateLimiter } from '@libs/rate-limits';

import { SecurityLog } from '../security-events/security-log.js';
import { AUTH_SETTINGS, type AuthSettings } from '../settings/settings.js';
import {
  accountPolicies,
  addressPolicies,
  askingPolicies,
  emailPolicies,
  placePolicies,
  registrationPolicies,
} from './guess-policies.js';
import { networkOf } from './network-of.js';

/** From where a secret is tried. */
interface Place {
  readonly address: string;
  /** The last session that the account opened from this place. A right secret there starts the count afresh. */
  readonly lastSessionHere: string | undefined;
}

export interface FactorAttempt extends Place {
  readonly userId: string;
}

export interface LoginAttempt extends Place {
  /** As it was typed. */
  readonly login: string;
  /** Whose it is, if it is somebody's: all of their names are counted as one. */
  readonly userId: string | undefined;
}

/**
 * Counts attempts at secrets. Requests are limited in the gateway and nowhere else; but that a secret was wrong, only
 * this service knows. What people can guess is counted before it is looked at, in one atomic step, so that of any number
 * of parallel attempts no more are checked than are allowed.
 *
 * Nobody can lock an owner out: the account as a whole is only counted at places that it was never used from, and each
 * limit is a delay, which ends.
 */
@Injectable()
export class GuessCounter {
  private readonly ofAddress: readonly LimitPolicy[];

  constructor(
    private readonly limiter: RateLimiter,
    private readonly log: SecurityLog,
    @Inject(AUTH_SETTINGS) { guessesPerAddress }: Pick<AuthSettings, 'guessesPerAddress'>,
  ) {
    this.ofAddress = addressPolicies(guessesPerAddress);
  }

  beforeLogin({ login, userId, ...attempt }: LoginAttempt): Promise<void> {
    return this.spendOf(digest(userId ?? login.toLowerCase()), attempt);
  }

  /**
   * For the holder of an address that somebody else has entered since. Whoever logs in is told nothing of it: what is not
   * allowed is not looked at, and that is all. Without a holder, the same is counted for the name.
   */
  async mayBeHolder({ login, userId, address, lastSessionHere }: LoginAttempt): Promise<boolean> {
    const account = digest(userId ?? login.toLowerCase());
    const all = this.limitsOf(account, { address, lastSessionHere }, 'holder:');
    return (await this.limiter.take(all)).allowed;
  }

  /** For codes that follow a right password: they are short, and guessed as passwords are. */
  beforeSecondFactor({ userId, ...attempt }: FactorAttempt): Promise<void> {
    return this.spendOf(`factor:${userId}`, attempt);
  }

  /** For whatever a session asks of its owner. By session: whoever has stolen one can guess no faster, and keeps no other session of the owner waiting. */
  beforeSecretOfSession(sessionId: string, address: string): Promise<void> {
    return this.spend(address, limits(`session:${sessionId}`, placePolicies));
  }

  beforeResumedRegistration(username: string, address: string): Promise<void> {
    const here = `${digest(username)}:${digest(networkOf(address))}`;
    return this.spend(address, [...limits(here, registrationPolicies), ...this.at(address)]);
  }

  /**
   * For tokens and keys that nobody needs so often that others behind the same address could get in the way. Refresh
   * tokens and API keys that show themselves that they are ours are not counted: were they, anybody behind an address
   * could log everybody there out.
   */
  beforeToken(address: string): Promise<void> {
    return this.spend(address, this.at(address));
  }

  noteUnknown(what: 'refresh-token' | 'api-key', address: string): Promise<void> {
    return this.log.note(`${what}.unknown`, { client_address: address });
  }

  /** For letters that a user has asked for. */
  beforeWritingTo(userId: string): Promise<void> {
    return this.spend('', limits(userId, emailPolicies));
  }

  /** For letters that anybody may have asked for: who gets too many is left in peace, and whoever asks is not told. */
  async mayBeWrittenTo(userId: string): Promise<boolean> {
    return (await this.limiter.take(limits(userId, emailPolicies))).allowed;
  }

  /** The same of an address that anybody may have entered. */
  async mayBeAsked(email: string): Promise<boolean> {
    return (await this.limiter.take(limits(digest(email.toLowerCase()), askingPolicies))).allowed;
  }

  private spendOf(account: string, place: Place): Promise<void> {
    return this.spend(place.address, this.limitsOf(account, place));
  }

  private limitsOf(account: string, { address, lastSessionHere }: Place, apart = ''): Limit[] {
    const here = limits(`${account}:${digest(networkOf(address))}:${lastSessionHere ?? ''}`, placePolicies);
    if (lastSessionHere !== undefined) return here;
    return [...here, ...limits(account, accountPolicies), ...this.at(address, apart)];
  }

  /** The gateway names the address of every client; without one, a service calls for itself. `apart`: counted by itself. */
  private at(address: string, apart = ''): Limit[] {
    return address === '' ? [] : limits(`${apart}${digest(networkOf(address))}`, this.ofAddress);
  }

  private async spend(address: string, all: readonly Limit[]): Promise<void> {
    if (all.length === 0) return;
    const { allowed, retryAfterMs, refusedBy = '' } = await this.limiter.take(all);
    if (allowed) return;
    await this.log.note('guessing.refused', { client_address: address, reason: refusedBy });
    throw new Refusal('RATE_LIMITED', {
      headers: { 'retry-after': String(Math.ceil(retryAfterMs / 1_000)) },
      internal: `too many attempts at a secret: ${refusedBy}`,
    });
  }
}

const limits = (key: string, policies: readonly LimitPolicy[]): Limit[] => policies.map((policy) => ({ key, policy }));

/** Names and addresses are nobody's business who can read the store of the counters. */
const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');
