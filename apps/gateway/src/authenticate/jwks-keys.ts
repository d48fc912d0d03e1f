import type { KeyObject } from 'node:crypto';

import { Logger, type LoggerService } from '@nestjs/common';

import { identityUnavailable } from './ask-directory.js';
import { rejected } from './challenge.js';
import { readJwkSet } from './jwk-set.js';
import { KeySource } from './key-source.js';

export interface JwksKeysOptions {
  readonly algorithms: readonly string[];
  /** Gets the published set. */
  readonly fetch: () => Promise<unknown>;
  /** In ms; never goes back. */
  readonly clock?: () => number;
  readonly logger?: Pick<LoggerService, 'warn'>;
}

/** Anybody can invent a key id; only so often does that make us ask the issuer. */
const cooldownMs = 5_000;
const cooldownAfterFailureMs = 1_000;
/** Shorter than issuers announce a key before they sign with it. */
const refreshMs = 240_000;

/** Keys that an issuer publishes: fetched, kept, fetched again in the background and when an unknown id comes. */
export class JwksKeys extends KeySource {
  private readonly logger: Pick<LoggerService, 'warn'>;
  private readonly withdrawalListeners = new Set<() => void>();
  private readonly closeListeners: (() => void)[] = [];
  private readonly clock: () => number;
  private readonly timer: NodeJS.Timeout;
  private keys: ReadonlyMap<string, KeyObject> | undefined;
  private fetching: Promise<void> | undefined;
  private failed = false;
  private notBefore = -Infinity;

  constructor(private readonly options: JwksKeysOptions) {
    super();
    this.logger = options.logger ?? new Logger(JwksKeys.name);
    this.clock = options.clock ?? (() => performance.now());
    this.timer = setInterval(() => void this.refresh(), refreshMs).unref();
  }

  async find(kid: string | undefined): Promise<KeyObject> {
    const known = this.lookUp(kid);
    if (known !== undefined) return known;

    if (this.fetching !== undefined || this.clock() >= this.notBefore) await this.refresh();
    const key = this.lookUp(kid);
    if (key !== undefined) return key;
    // Perhaps the id is new and we could not hear of it: that is no verdict about the token.
    throw this.failed || this.keys === undefined
      ? identityUnavailable('the keys of the issuer cannot be fetched')
      : rejected('no key of this id');
  }

  /** Fetches the set now. Failing to leaves the keys that are known. */
  refresh(): Promise<void> {
    this.fetching ??= this.fetch().finally(() => (this.fetching = undefined));
    return this.fetching;
  }

  onWithdrawal(listener: () => void): () => void {
    this.withdrawalListeners.add(listener);
    return () => this.withdrawalListeners.delete(listener);
  }

  onClose(listener: () => void): void {
    this.closeListeners.push(listener);
  }

  close(): void {
    clearInterval(this.timer);
    for (const listener of this.closeListeners) listener();
  }

  private lookUp(kid: string | undefined): KeyObject | undefined {
    if (kid !== undefined) return this.keys?.get(kid);
    return this.keys?.size === 1 ? [...this.keys.values()][0] : undefined;
  }

  private async fetch(): Promise<void> {
    try {
      const keys = readJwkSet(await this.options.fetch(), this.options.algorithms);
      const before = this.keys;
      this.keys = keys;
      this.failed = false;
      this.notBefore = this.clock() + cooldownMs;
      if (before !== undefined && [...before].some(([kid, key]) => keys.get(kid)?.equals(key) !== true)) {
        for (const listener of this.withdrawalListeners) listener();
      }
    } catch (error) {
      if (!this.failed) this.logger.warn(`the keys of an issuer cannot be fetched: ${String(error)}`);
      this.failed = true;
      this.notBefore = this.clock() + cooldownAfterFailureMs;
    }
  }
}
