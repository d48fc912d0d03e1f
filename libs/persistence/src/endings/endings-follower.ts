import { type BeforeApplicationShutdown, Logger, type OnApplicationBootstrap } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import type { EventBus } from '@libs/redis';

import type { Database } from '../database/database.js';
import { isUniqueViolation } from '../database/database-errors.js';
import { FollowedEndings, type Ending } from './ending.entity.js';

/** How often a follower looks without being woken: the longest that a lost event can do harm. */
const lookEveryMs = 5_000;
const batchSize = 100;

export interface FollowOptions {
  /** The service whose endings these are. */
  readonly source: string;
  /** Those after a position, in their order. */
  readonly fetch: (after: number, limit: number) => Promise<readonly Ending[]>;
  /** What follows here, in the transaction that remembers that it is done. */
  readonly apply: (ending: Ending) => Promise<void>;
}

/** Does here what follows from each ending of another service: in its order, once, however many processes follow. */
export class EndingsFollower implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(EndingsFollower.name);
  private readonly cleanUps: (() => void)[] = [];
  private running: Promise<void> | undefined;
  private isWanted = false;
  private isFailing = false;
  private isStopped = false;

  constructor(
    private readonly database: Database,
    private readonly bus: EventBus,
    private readonly options: FollowOptions,
  ) {}

  onApplicationBootstrap(): void {
    const wake = (): void => this.wake();
    const timer = setInterval(wake, lookEveryMs).unref();
    this.cleanUps.push(this.bus.subscribe(['ending.recorded'], wake), this.bus.onGap(wake), () => clearInterval(timer));
    this.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    for (const cleanUp of this.cleanUps) cleanUp();
    await this.running;
  }

  /** Follows up to the last ending there is now. */
  async catchUp(): Promise<void> {
    for (;;) {
      const done = await this.position();
      const endings = await this.options.fetch(done, batchSize);
      let last = done;
      for (const ending of endings) {
        if (!(await this.follow(last, ending))) break;
        last = ending.position;
      }
      if (endings.length < batchSize || this.isStopped) return;
    }
  }

  /** What wakes it while it runs makes it run once more. */
  private wake(): void {
    this.isWanted = true;
    this.running ??= this.run().finally(() => {
      this.running = undefined;
    });
  }

  private async run(): Promise<void> {
    while (this.isWanted && !this.isStopped) {
      this.isWanted = false;
      try {
        await this.catchUp();
        this.isFailing = false;
      } catch (error) {
        this.report(error);
        return;
      }
    }
  }

  /** That the other service is away is one line, and not a new one with every look. */
  private report(error: unknown): void {
    if (!(error instanceof Refusal)) {
      this.logger.error({ msg: `the endings of ${this.options.source} cannot be followed for now`, err: error });
    } else if (!this.isFailing) {
      this.logger.warn(`the endings of ${this.options.source} cannot be read for now: ${error.message}`);
    }
    this.isFailing = true;
  }

  private async position(): Promise<number> {
    const { source } = this.options;
    const found = await this.database.manager.findOneBy(FollowedEndings, { source });
    if (found !== null) return found.position;
    await this.database
      .transaction((manager) => manager.insert(FollowedEndings, { source, position: 0 }))
      .catch((error: unknown) => {
        if (!isUniqueViolation(error)) throw error;
      });
    return 0;
  }

  /** False where another process was quicker. */
  private follow(after: number, ending: Ending): Promise<boolean> {
    const { source, apply } = this.options;
    return this.database.transaction(async (manager) => {
      const { affected } = await manager.update(
        FollowedEndings,
        { source, position: after },
        { position: ending.position },
      );
      if (affected !== 1) return false;
      await apply(ending);
      return true;
    });
  }
}
