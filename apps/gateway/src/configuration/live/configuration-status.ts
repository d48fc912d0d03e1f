import { ConfigError, type ConfigMistake } from '@libs/config';
import type { ReadinessDetails } from '@libs/observability';

import type { ConfigurationDocument } from '../document/configuration-document.js';
import type { GatewayConfiguration } from '../schema/gateway-configuration.schema.js';
import { sectionsThatNeedRestart } from './restart-sections.js';
import type { SourceKind } from '../../settings/source-kind.js';

export interface SourceFailure {
  /** `invalid`: what the source says cannot be used. `unreachable`: it says nothing. */
  readonly kind: 'invalid' | 'unreachable';
  readonly message: string;
  readonly mistakes: readonly ConfigMistake[];
  readonly since: Date;
}

/** A document and what it means. */
export interface Loaded {
  readonly document: ConfigurationDocument;
  /** As written: instances that are found are not in it. */
  readonly configuration: GatewayConfiguration;
  /** What `check` would name in it. */
  readonly doubts?: readonly ConfigMistake[];
}

/** What is in force, since when, and whether the source still says so. */
export class ConfigurationStatus {
  failure: SourceFailure | undefined;
  private current: Loaded;
  private currentSince: Date;

  constructor(
    /** `fixed`: it was handed over by whoever started the gateway, and stays as it is. */
    readonly source: SourceKind | 'fixed',
    /** What the gateway was started with: what cannot be changed without a new start is measured by it. */
    private readonly first: Loaded,
    private readonly clock: () => number = Date.now,
  ) {
    this.current = first;
    this.currentSince = new Date(clock());
  }

  get inForce(): ConfigurationDocument {
    return this.current.document;
  }

  get configuration(): GatewayConfiguration {
    return this.current.configuration;
  }

  get doubts(): readonly ConfigMistake[] {
    return this.current.doubts ?? [];
  }

  get since(): Date {
    return this.currentSince;
  }

  get ageSeconds(): number {
    return (this.clock() - this.currentSince.getTime()) / 1_000;
  }

  /** Sections that are in the document, but not in force before the next start. */
  get pendingRestart(): string[] {
    return sectionsThatNeedRestart(this.first.configuration, this.current.configuration);
  }

  accept(loaded: Loaded): void {
    this.current = loaded;
    this.currentSince = new Date(this.clock());
    this.failure = undefined;
  }

  /** Returns whether this is news: a source that stays bad is bad for the same reason again and again. */
  fail(error: unknown): boolean {
    const kind = error instanceof ConfigError ? 'invalid' : 'unreachable';
    const message = error instanceof Error ? error.message : String(error);
    if (this.failure?.kind === kind && this.failure.message === message) return false;
    const mistakes = error instanceof ConfigError ? error.mistakes : [];
    this.failure = { kind, message, mistakes, since: new Date(this.clock()) };
    return true;
  }

  /** For `/ready`, which everybody may read: that something is wrong, but not what. */
  details(): ReadinessDetails {
    return {
      source: this.source,
      version: this.inForce.version,
      since: this.since.toISOString(),
      state: this.failure === undefined ? 'current' : 'last-good',
      ...(this.failure === undefined ? {} : { reason: this.failure.kind }),
    };
  }
}
