import type { LoggerService } from '@nestjs/common';

import type { DiscoveryListener, FoundInstance } from './instance-discovery.js';

type Logger = Pick<LoggerService, 'log' | 'warn'>;

/** The instances of one service that is looked for, as far as they are known. */
export class FollowedService implements DiscoveryListener {
  /** Why the last look failed; undefined when it did not. */
  failure: string | undefined;
  private stop: () => void = () => undefined;
  private readonly news = Promise.withResolvers<void>();

  constructor(
    readonly name: string,
    public instances: readonly FoundInstance[],
    private readonly logger: Logger,
    private readonly changed: () => void,
  ) {}

  begin(watch: (listener: DiscoveryListener) => () => void): void {
    this.stop = watch(this);
  }

  end(): void {
    this.stop();
    this.news.resolve();
  }

  /** Resolves when the first look has ended, whatever it brought, or after that time. */
  async firstNews(limitMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, limitMs);
    });
    await Promise.race([this.news.promise, limit]);
    clearTimeout(timer);
  }

  /** That there are none at all is more often a fault of the register than the truth: the last known ones stay. */
  found(instances: readonly FoundInstance[]): void {
    if (instances.length === 0) return this.failed(new Error('no instance is registered'));
    if (this.failure !== undefined) this.logger.log({ msg: 'instances are found again', upstream: this.name });
    this.failure = undefined;
    const next = instances.toSorted((a, b) => (a.url < b.url ? -1 : 1));
    const isNew = JSON.stringify(next) !== JSON.stringify(this.instances);
    this.instances = next;
    this.news.resolve();
    if (isNew) this.changed();
  }

  failed(error: unknown): void {
    const failure = error instanceof Error ? error.message : String(error);
    if (failure !== this.failure) {
      this.logger.warn({ msg: 'instances cannot be found; the last known ones stay', upstream: this.name, failure });
    }
    this.failure = failure;
    this.news.resolve();
  }
}
