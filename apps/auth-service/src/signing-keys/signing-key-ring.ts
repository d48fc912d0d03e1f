import { createPrivateKey } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';

import { Clock } from '../time/clock.js';
import { AUTH_SETTINGS, type AuthSettings } from '../settings/settings.js';
import { KeySeal } from './key-seal.js';
import type { JwkSet } from './public-jwk.js';
import type { JwtKey } from './sign-jwt.js';
import type { SigningKey } from './signing-key.entity.js';
import { SigningKeyStore } from './signing-key.store.js';

interface HeldKey extends JwtKey {
  readonly row: SigningKey;
}

/** The signing keys in memory, decrypted. Which one signs and which ones are published follows from the time alone. */
@Injectable()
export class SigningKeyRing {
  private keys: readonly HeldKey[] = [];

  constructor(
    private readonly store: SigningKeyStore,
    private readonly seal: KeySeal,
    private readonly clock: Clock,
    @Inject(AUTH_SETTINGS) private readonly settings: Pick<AuthSettings, 'signingAlgorithm'>,
  ) {}

  /** Makes the first key if there is none. Fails when the stored keys cannot be decrypted: nobody could log in. */
  async load(): Promise<void> {
    let rows = await this.store.all();
    if (rows.length === 0) {
      await this.store.makeFirst(this.settings.signingAlgorithm);
      rows = await this.store.all();
    }
    const known = new Map(this.keys.map((key) => [key.id, key.privateKey]));
    this.keys = rows.map((row) => {
      const { id, algorithm } = row;
      return { id, algorithm, row, privateKey: known.get(id) ?? this.decrypt(row) };
    });
  }

  /** The newest key whose time has come. */
  signer(): JwtKey {
    const now = this.clock.now();
    const key = this.keys.findLast(({ row }) => row.signsFrom <= now);
    if (key === undefined) throw notLoaded();
    return key;
  }

  /** The key that was made last: it signs, or waits to. */
  newest(): SigningKey {
    const key = this.keys.at(-1);
    if (key === undefined) throw notLoaded();
    return key.row;
  }

  /** Oldest first. */
  published(): SigningKey[] {
    const now = this.clock.now();
    return this.keys.map(({ row }) => row).filter((row) => row.publishedUntil === null || row.publishedUntil > now);
  }

  jwkSet(): JwkSet {
    return { keys: this.published().map(({ publicJwk }) => publicJwk) };
  }

  private decrypt(row: SigningKey) {
    try {
      return createPrivateKey(this.seal.open(row.id, row.sealedPrivateKey));
    } catch (error) {
      const reason = `The signing key ${row.id} cannot be decrypted: ENCRYPTION_KEY is not the one that it was made with.`;
      throw new Error(reason, { cause: error });
    }
  }
}

const notLoaded = (): Error => new Error('There is no signing key: the ring was not loaded.');
