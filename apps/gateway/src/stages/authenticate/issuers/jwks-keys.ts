import { Logger, type LoggerService } from '@nestjs/common';

import { identityUnavailable } from '../../../request/ask-directory.js';
import type { FetchedJson } from './fetch-json.js';
import { rejected } from '../credentials/challenge.js';
import { readJwkSet } from './jwk-set.js';
import { KeySource, type PublicKey } from './key-source.js';

export interface JwksKeysOptions {
  readonly algorithms: readonly string[];
  /** Gets the published set. */
  readonly fetch: () => Promise<FetchedJson>;
  /** In ms; never goes back. */
  readonly clock?: () => number;
  readonly logger?: Pick<LoggerService, 'warn'>;
}

/** Anybody can invent a key id; only so often does that make us ask an issuer who does not say how long a copy is good. */
const cooldownMs = 5_000;
const cooldownAfterFailureMs = 1_000;
/** An issuer may say that a copy is good for a day; so long do we not take its word. */
const maxFreshMs = 300_000;
const refreshMs = 240_000;

/**
 * Keys that an issuer publishes: fetched, kept, and fetched again in the background before the copy is stale (RFC 9111).
 * An unknown id makes nobody fetch a copy that is fresh still: whoever publishes a new key before signing with it needs
 * no such look, and a forger gets none.
 */
export class JwksKeys extends KeySource {
  private readonly logger: Pick<LoggerService, 'warn'>;
  private readonly withdrawalListeners = new Set<() => void>();
  private readonly closeListeners: (() => void)[] = [];
  private readonly clock: () => number;
  private timer: NodeJS.Timeout;
  private isClosed = false;
  private keys: ReadonlyMap<string, PublicKey> | undefined;
  private fetching: Promise<void> | undefined;
  private failed = false;
  private notBefore = -Infinity;

  constructor(private readonly options: JwksKeysOptions) {
    super();
    this.logger = options.logger ?? new Logger(JwksKeys.name);
    this.clock = options.clock ?? (() => performance.now());
    this.timer = this.refreshIn(refreshMs);
  }

  async find(kid: string | undefined): Promise<PublicKey> {
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
    this.isClosed = true;
    clearTimeout(this.timer);
    for (const listener of this.closeListeners) listener();
  }

  private lookUp(kid: string | undefined): PublicKey | undefined {
    if (kid !== undefined) return this.keys?.get(kid);
    return this.keys?.size === 1 ? [...this.keys.values()][0] : undefined;
  }

  private async fetch(): Promise<void> {
    try {
      const { value, maxAgeMs } = await this.options.fetch();
      this.replace(readJwkSet(value, this.options.algorithms));
      this.failed = false;
      this.notBefore = this.clock() + Math.max(cooldownMs, Math.min(maxAgeMs, maxFreshMs));
      this.plan(maxAgeMs === 0 ? refreshMs : Math.min(refreshMs, 0.8 * maxAgeMs));
    } catch (error) {
      if (!this.failed) this.logger.warn(`the keys of an issuer cannot be fetched: ${String(error)}`);
      this.failed = true;
      this.notBefore = this.clock() + cooldownAfterFailureMs;
      this.plan(this.keys === undefined ? refreshMs : cooldownMs);
    }
  }

  private replace(keys: ReadonlyMap<string, PublicKey>): void {
    const before = this.keys;
    this.keys = keys;
    const isGone = ([kid, { key, algorithm }]: [string, PublicKey]): boolean => {
      const now = keys.get(kid);
      return now?.key.equals(key) !== true || now.algorithm !== algorithm;
    };
    if (before === undefined || ![...before].some(isGone)) return;
    for (const listener of this.withdrawalListeners) listener();
  }

  private plan(afterMs: number): void {
    clearTimeout(this.timer);
    if (!this.isClosed) this.timer = this.refreshIn(afterMs);
  }

  private refreshIn(ms: number): NodeJS.Timeout {
    return setTimeout(() => void this.refresh(), ms).unref();
  }
}
