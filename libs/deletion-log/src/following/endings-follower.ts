import { type BeforeApplicationShutdown, Logger, type OnApplicationBootstrap } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import type { EventBus } from '@libs/events';
import { type Database, isUniqueViolation, type Piece } from '@libs/persistence';

import { type Ending, EndingUnderWay, FollowedEndings } from '../log/ending.entity.js';
import { type FollowerState, showFollower } from './follower-states.js';

/** How often a follower looks without being woken: the longest that a lost event can do harm. */
const lookEveryMs = 5_000;
const batchSize = 100;
/** Then no more are taken over until some are done. */
const mostUnderWay = 1_000;

export interface FollowOptions {
  /** The service whose endings these are. */
  readonly source: string;
  /** Those after a position, in their order. */
  readonly fetch: (after: number, limit: number) => Promise<readonly Ending[]>;
  /** A piece of what follows here, in a transaction of its own, until it says that it is done. */
  readonly apply: (ending: Ending) => Promise<Piece>;
}

/**
 * Does here what follows from each ending of another service, once, however many processes follow. Endings are taken over
 * in their order, and worked off by turns, a piece each: a large one holds up no other, and neither does one that fails.
 */
export class EndingsFollower implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(EndingsFollower.name);
  private readonly cleanUps: (() => void)[] = [];
  private running: Promise<void> | undefined;
  private isWanted = false;
  private isFailing = false;
  private isStopped = false;
  private waiting: readonly EndingUnderWay[] = [];
  private movedAt = new Date();

  constructor(
    private readonly database: Database,
    private readonly bus: EventBus,
    private readonly options: FollowOptions,
  ) {}

  get state(): FollowerState {
    const times = this.waiting.map(({ endedAt }) => endedAt.getTime());
    return {
      source: this.options.source,
      waiting: times.length,
      oldestEndedAt: times.length === 0 ? undefined : new Date(Math.min(...times)),
      movedAt: this.movedAt,
    };
  }

  onApplicationBootstrap(): void {
    const wake = (): void => this.wake();
    const timer = setInterval(wake, lookEveryMs).unref();
    this.cleanUps.push(this.bus.subscribe(['ending.recorded'], wake), this.bus.onGap(wake), () => clearInterval(timer));
    this.cleanUps.push(showFollower(this));
    this.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    for (const cleanUp of this.cleanUps) cleanUp();
    await this.running;
  }

  /** Works off all endings that there are now. What fails is tried again at the next look, and told at the end. */
  async catchUp(): Promise<void> {
    const failures = new Map<number | 'taking', { readonly error: unknown; readonly againAt: number }>();
    const noteFailures = async <T>(of: number | 'taking', work: Promise<T>): Promise<T | undefined> => {
      try {
        const result = await work;
        failures.delete(of);
        return result;
      } catch (error) {
        failures.set(of, { error, againAt: performance.now() + lookEveryMs });
        return undefined;
      }
    };
    const rests = (of: number | 'taking'): boolean => (failures.get(of)?.againAt ?? 0) > performance.now();

    while (!this.isStopped) {
      const isMore = !rests('taking') && (await noteFailures('taking', this.takeOver())) === true;
      this.waiting = await this.underWay();
      const round = this.waiting.filter(({ position }) => !rests(position)).slice(0, batchSize);
      if (round.length === 0 && !isMore) break;
      for (const ending of round) {
        if (!this.isStopped) await noteFailures(ending.position, this.work(ending));
      }
    }
    for (const { error } of failures.values()) throw error;
    if (!this.isStopped) this.movedAt = new Date();
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

  /** Writes down the next endings as under way; true where there may be more. */
  private async takeOver(): Promise<boolean> {
    const { source } = this.options;
    if (this.waiting.length >= mostUnderWay) return false;
    const after = await this.position();
    const endings = await this.options.fetch(after, batchSize);
    const last = endings.at(-1);
    if (last === undefined) return false;
    await this.database.transaction(async (manager) => {
      const { affected } = await manager.update(
        FollowedEndings,
        { source, position: after },
        { position: last.position },
      );
      // Another process was quicker.
      if (affected !== 1) return;
      const taken = endings.map((ending) => ({ ...ending, source, turns: 0 }));
      await manager.insert(EndingUnderWay, taken);
    });
    return endings.length === batchSize;
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

  private underWay(): Promise<EndingUnderWay[]> {
    const { source } = this.options;
    return this.database.manager.find(EndingUnderWay, {
      where: { source },
      order: { turns: 'ASC', position: 'ASC' },
      take: mostUnderWay,
    });
  }

  /** Does one piece, and nothing where another process has had the turn. */
  private async work({ turns, ...ending }: EndingUnderWay): Promise<void> {
    const { source, position } = ending;
    await this.database.transaction(async (manager) => {
      const { affected } = await manager.update(EndingUnderWay, { source, position, turns }, { turns: turns + 1 });
      if (affected !== 1) return;
      if ((await this.options.apply(ending)) === 'done') await manager.delete(EndingUnderWay, { source, position });
    });
    this.movedAt = new Date();
  }
}
