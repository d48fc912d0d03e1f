import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { In, LessThan } from 'typeorm';

import { Database, deleteInPieces } from '@libs/persistence';

import { ImportMetrics } from './import-metrics.js';
import { ImportPieces } from './import-pieces.js';
import { ReceivedTables } from './received-tables.js';
import { RefusedRow } from './refused-row.entity.js';
import { UserImport } from './user-import.entity.js';

const lookEveryMs = 2_000;
const forgetEveryMs = 10 * 60_000;
/** What became of an import can be asked for so long after its end. */
const keptForMs = 30 * 24 * 3_600_000;

/** Brings all imports on by turns, a piece each: a large one keeps no other waiting, and neither does one that fails. */
@Injectable()
export class ImportRounds implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ImportRounds.name);
  private readonly timers: NodeJS.Timeout[] = [];
  private running: Promise<void> | undefined;
  private isWanted = false;
  private isStopped = false;

  constructor(
    private readonly database: Database,
    private readonly pieces: ImportPieces,
    private readonly tables: ReceivedTables,
    private readonly metrics: ImportMetrics,
  ) {}

  onApplicationBootstrap(): void {
    this.timers.push(setInterval(() => this.soon(), lookEveryMs).unref());
    this.timers.push(setInterval(() => void this.forgetQuietly(), forgetEveryMs).unref());
    this.soon();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    for (const timer of this.timers) clearInterval(timer);
    await this.running;
  }

  /** Starts a round, or another one behind the one under way. */
  soon(): void {
    this.isWanted = true;
    if (this.running !== undefined || this.isStopped) return;
    this.running = this.rounds().finally(() => {
      this.running = undefined;
    });
  }

  /** Forgets imports that have ended long ago, and what was never received to its end. */
  async forget(now = Date.now()): Promise<void> {
    await this.tables.forgetAbandoned(now);
    const ended = await this.database.manager.findBy(UserImport, {
      state: In(['done', 'failed']),
      updatedAt: LessThan(new Date(now - keptForMs)),
    });
    for (const { id } of ended) {
      await deleteInPieces(this.database, RefusedRow, { importId: id });
      await this.database.transaction((manager) => manager.delete(UserImport, { id }));
    }
  }

  private async rounds(): Promise<void> {
    try {
      while (this.isWanted && !this.isStopped) {
        this.isWanted = false;
        if (await this.round()) this.isWanted = true;
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'imports cannot be read for now');
    }
  }

  /** A piece of each that nobody works on. True where there may be more to do. */
  private async round(): Promise<boolean> {
    const unfinished = await this.database.manager.find(UserImport, {
      where: { state: In(['queued', 'running']) },
      order: { updatedAt: 'ASC' },
    });
    this.metrics.show(unfinished.length);
    let isMore = false;
    for (const one of unfinished.filter(({ leaseUntil }) => leaseUntil.getTime() <= Date.now())) {
      if (this.isStopped) break;
      if (await this.pieces.next(one, 'let go')) isMore = true;
    }
    return isMore;
  }

  private async forgetQuietly(): Promise<void> {
    try {
      await this.forget();
    } catch (error) {
      this.logger.warn({ err: error }, 'old imports cannot be deleted for now');
    }
  }
}
