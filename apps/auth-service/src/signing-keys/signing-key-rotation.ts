import { Inject, Injectable } from '@nestjs/common';

import { Clock } from '../time/clock.js';
import { longestLifetimeMs } from './access-token-lifetime.js';
import { AUTH_SETTINGS, type AuthSettings } from '../settings/settings.js';
import { SigningKeyRing } from './signing-key-ring.js';
import type { SigningKey } from './signing-key.entity.js';
import { SigningKeyStore } from './signing-key.store.js';

const clockSkewMs = 60_000;

/** How often every process reads the keys again, whether or not it has heard of new ones. */
export const reloadEveryMs = ({ keySetMaxAgeMs }: Pick<AuthSettings, 'keySetMaxAgeMs'>): number =>
  Math.min(60_000, keySetMaxAgeMs);

type Settings = Pick<
  AuthSettings,
  'accessTokenLifetimeMs' | 'keySetMaxAgeMs' | 'signingAlgorithm' | 'signingKeyLifetimeMs'
>;

/** Brings in the next key: published at once, signing later, and the one before it published until its tokens are gone. */
@Injectable()
export class SigningKeyRotation {
  /** By then every copy of the key set that was fetched before is stale, and every process has the key. */
  private readonly announcedForMs: number;

  constructor(
    private readonly store: SigningKeyStore,
    private readonly ring: SigningKeyRing,
    private readonly clock: Clock,
    @Inject(AUTH_SETTINGS) private readonly settings: Settings,
  ) {
    this.announcedForMs = settings.keySetMaxAgeMs + reloadEveryMs(settings);
  }

  /** Answers the next key. One that waits to sign is the next one already, whoever has made it. */
  async rotate(): Promise<SigningKey> {
    await this.ring.load();
    const newest = this.ring.newest();
    if (newest.signsFrom > this.clock.now()) return newest;

    const signsFrom = new Date(this.clock.now().getTime() + this.announcedForMs);
    const keptForMs = longestLifetimeMs(this.settings.accessTokenLifetimeMs) + clockSkewMs;
    const othersUntil = new Date(signsFrom.getTime() + keptForMs);
    await this.store.makeNext(newest, this.settings.signingAlgorithm, { signsFrom, othersUntil });
    await this.ring.load();
    return this.ring.newest();
  }

  /** In time for the next key to sign on the day when this one has signed for long enough. */
  async rotateIfDue(): Promise<void> {
    const signsUntil = this.ring.newest().signsFrom.getTime() + this.settings.signingKeyLifetimeMs;
    if (signsUntil - this.announcedForMs <= this.clock.now().getTime()) await this.rotate();
  }

  /** For a start only: processes of two minds, in the middle of a deployment, would go on overruling each other. */
  async rotateIfAnotherAlgorithmIsSet(): Promise<void> {
    if (this.ring.newest().algorithm !== this.settings.signingAlgorithm) await this.rotate();
  }
}
