import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';

import { ConfigError, type Environment } from '@libs/config';
import type { EventBus } from '@libs/events';

import type { Discoveries } from '../../discovery/discoveries.js';
import type { ConfigurationDocument } from '../document/configuration-document.js';
import type { ConfigurationMetrics } from './configuration-metrics.js';
import type { ConfigurationStatus } from './configuration-status.js';
import type { LastGoodConfiguration } from './last-good-configuration.js';
import { parseApart } from '../document/parse-apart.js';
import { compileSnapshot } from '../../runtime/snapshot.js';
import type { Snapshots } from '../../runtime/snapshots.js';
import type { ConfigurationSource } from '../sources/configuration-source.js';

/** How soon a source that could not be reached is asked again. */
const askAgainMs = 2_000;
/** `check` names all of them. */
const mostDoubtsTold = 20;

/** What a configuration is kept up to date with. */
export interface LiveParts {
  readonly source: ConfigurationSource;
  /** What `${NAME}` refers to. */
  readonly environment: Environment;
  readonly discoveries: Discoveries;
  readonly kept: LastGoodConfiguration;
  /** Why the source could not be used at the start. */
  readonly failure?: unknown;
}

/** Keeps the configuration in force as new as its source. What is bad changes nothing. */
export class LiveConfiguration implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Configuration');
  private last: Promise<void> = Promise.resolve();
  private isWaiting = false;
  private again: NodeJS.Timeout | undefined;
  private endWatch: () => void = () => undefined;
  private isEnded = false;
  private toldDoubts = '';

  constructor(
    private readonly parts: LiveParts,
    private readonly snapshots: Snapshots,
    private readonly status: ConfigurationStatus,
    private readonly metrics: ConfigurationMetrics,
    private readonly events: EventBus,
  ) {}

  onApplicationBootstrap(): void {
    if (this.parts.failure !== undefined) this.report(this.parts.failure);
    this.tellDoubts();
    this.parts.discoveries.onChange(() => void this.inTurn(() => this.refreshInstances()));
    this.endWatch = this.parts.source.watch(() => void this.reload(), this.events);
    this.keep();
    // Something may have changed between the first look and the watch.
    void this.reload();
  }

  async onApplicationShutdown(): Promise<void> {
    this.isEnded = true;
    this.endWatch();
    clearTimeout(this.again);
    await this.last;
    await this.parts.kept.settled();
    await Promise.all([this.parts.discoveries.close(), this.parts.source.close()]);
  }

  /** Takes over what the source says now. Resolves when that is in force, or known to be bad; never rejects. */
  reload(): Promise<void> {
    // One that has not begun yet will see all that has changed until then.
    if (this.isWaiting) return this.last;
    this.isWaiting = true;
    return this.inTurn(async () => {
      this.isWaiting = false;
      await this.takeOver();
    });
  }

  private inTurn(work: () => Promise<void> | void): Promise<void> {
    this.last = this.last.then(async () => {
      if (!this.isEnded) await work();
    });
    return this.last;
  }

  private async takeOver(): Promise<void> {
    clearTimeout(this.again);
    try {
      await this.putInForce(await this.parts.source.load());
    } catch (error) {
      this.report(error);
    }
  }

  private async putInForce(document: ConfigurationDocument): Promise<void> {
    if (isSame(document, this.status.inForce)) return this.confirm();
    if (document.text.trim() === '') throw emptyDocument(document);
    const { environment, discoveries } = this.parts;
    const { configuration, doubts } = await parseApart(document, environment);
    await discoveries.follow(configuration);
    this.snapshots.swap(compileSnapshot(discoveries.complete(configuration), this.snapshots.current));
    discoveries.forgetOthers(configuration);

    this.status.accept({ document, configuration, doubts });
    this.metrics.countSwap();
    this.keep();
    this.logger.log({ msg: 'a new configuration is in force', version: document.version, place: document.place });
    const sections = this.status.pendingRestart;
    if (sections.length > 0) this.logger.warn({ msg: 'some of it needs a new start', sections });
    this.tellDoubts();
  }

  private confirm(): void {
    if (this.status.failure === undefined) return;
    this.status.failure = undefined;
    this.logger.log({ msg: 'the source says again what is in force', version: this.status.inForce.version });
  }

  private refreshInstances(): void {
    const { configuration } = this.status;
    this.snapshots.swap(compileSnapshot(this.parts.discoveries.complete(configuration), this.snapshots.current));
    this.metrics.countSwap();
    this.keep();
  }

  private report(error: unknown): void {
    const isNews = this.status.fail(error);
    const kind = this.status.failure?.kind ?? 'invalid';
    this.metrics.countFailure(kind);
    if (isNews) {
      const msg = 'the source of the configuration is bad; the last good one goes on';
      this.logger.error({ msg, kind, reason: this.status.failure?.message, version: this.status.inForce.version });
    }
    // What is wrong stays so until somebody changes it; who is away may come back without a word.
    if (kind === 'unreachable') this.again = setTimeout(() => void this.reload(), askAgainMs).unref();
  }

  /** Once: whoever changes something else has read it already. */
  private tellDoubts(): void {
    const { doubts, inForce } = this.status;
    const found = doubts.slice(0, mostDoubtsTold).map(({ path, message }) => `${path}: ${message}`);
    const isNews = found.join('\n') !== this.toldDoubts;
    this.toldDoubts = found.join('\n');
    if (!isNews || doubts.length === 0) return;
    this.logger.warn({
      msg: 'the configuration contradicts itself',
      place: inForce.place,
      count: doubts.length,
      found,
    });
  }

  private keep(): void {
    this.parts.kept.write({ document: this.status.inForce, found: this.parts.discoveries.found() });
  }
}

const isSame = (a: ConfigurationDocument, b: ConfigurationDocument): boolean =>
  a.version === b.version && a.publication === b.publication && a.text === b.text;

/** Half of a file that is being written, more often than a wish: it would close every door. */
const emptyDocument = ({ place }: ConfigurationDocument): ConfigError =>
  new ConfigError([{ source: place, line: 1, column: 1, path: '', message: 'there is nothing in it' }]);
