import { setImmediate } from 'node:timers/promises';

import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { LessThan, LessThanOrEqual } from 'typeorm';

import { Audit } from '@libs/audit';
import { Refusal } from '@libs/errors';
import { Database, isUnavailable } from '@libs/persistence';
import { newContext, runInContext } from '@libs/trusted-headers';

import type { CsvLine } from './csv-lines.js';
import { ImportProgress, leaseMs, Overtaken } from './import-progress.js';
import { ImportMetrics } from './import-metrics.js';
import { RowTaker } from './row-taker.js';
import { SealedRows } from './sealed-rows.js';
import { UserImport } from './user-import.entity.js';
import { UserImportPiece } from './user-import-piece.entity.js';

/** So long an import tries again while no row of it can be done. */
const givenUpAfterMs = 24 * 3_600_000;

/** Works off imports, a piece at a time. */
@Injectable()
export class ImportPieces implements BeforeApplicationShutdown {
  private readonly logger = new Logger(ImportPieces.name);
  private isStopped = false;

  constructor(
    private readonly database: Database,
    private readonly rows: RowTaker,
    private readonly seal: SealedRows,
    private readonly audit: Audit,
    private readonly metrics: ImportMetrics,
  ) {}

  beforeApplicationShutdown(): void {
    this.isStopped = true;
  }

  /** Does the next rows in the name of whoever sent them. False where it cannot go on here and now. */
  async next(read: UserImport, then: 'keep' | 'let go'): Promise<boolean> {
    const progress = await ImportProgress.of(this.database, read);
    if (progress === undefined) return false;
    const { identity, ...request } = read.requester;
    try {
      return await runInContext({ ...newContext(identity), ...request }, () => this.piece(progress, then));
    } catch (error) {
      if (!(error instanceof Overtaken)) await this.postpone(progress, error);
      return false;
    }
  }

  private async piece(progress: ImportProgress, then: 'keep' | 'let go'): Promise<boolean> {
    const { id, rows } = progress.import;
    for (const row of await this.rowsLeft(progress)) {
      if (this.isStopped) break;
      this.metrics.count(await this.rows.take(progress, row));
      // Embedded, a row needs no wire: without this the requests of others would wait for the whole piece.
      await setImmediate();
    }
    const isDone = progress.rowsDone === rows;
    const leaseUntil = then === 'keep' && !this.isStopped ? new Date(Date.now() + leaseMs) : new Date();
    await progress.step(isDone ? { state: 'done', finishedAt: new Date() } : { leaseUntil }, async (manager) => {
      await manager.delete(UserImportPiece, { importId: id, firstRow: LessThan(await this.startOf(progress)) });
      if (!isDone) return;
      const { created, refused } = progress.import;
      await manager.delete(UserImportPiece, { importId: id });
      await this.audit.record({ action: 'users.imported', target: id, tenantId: '', details: { created, refused } });
    });
    return !isDone && !this.isStopped;
  }

  private async rowsLeft(progress: ImportProgress): Promise<readonly CsvLine[]> {
    const piece = await this.pieceAt(progress);
    if (piece === null) return [];
    return this.seal.read(piece).slice(progress.rowsDone - piece.firstRow);
  }

  /** Where the piece begins that the next row is in. */
  private async startOf(progress: ImportProgress): Promise<number> {
    return (await this.pieceAt(progress))?.firstRow ?? 0;
  }

  private pieceAt({ import: { id }, rowsDone }: ImportProgress): Promise<UserImportPiece | null> {
    return this.database.manager.findOne(UserImportPiece, {
      where: { importId: id, firstRow: LessThanOrEqual(rowsDone) },
      order: { firstRow: 'DESC' },
    });
  }

  /** What keeps it from going on may pass. */
  private async postpone(progress: ImportProgress, error: unknown): Promise<void> {
    const { id, movedAt } = progress.import;
    const reason = error instanceof Refusal ? error.code : isUnavailable(error) ? 'SERVICE_UNAVAILABLE' : 'INTERNAL';
    const isOver = Date.now() - movedAt.getTime() > givenUpAfterMs;
    this.logger.warn({ err: error }, `import ${id} ${isOver ? 'has failed' : 'cannot go on for now'}`);
    try {
      if (isOver) await this.fail(progress, reason);
      else await progress.step({ reason, leaseUntil: new Date(Date.now() + leaseMs) });
    } catch (notWritten) {
      // The lease runs out by itself.
      if (!(notWritten instanceof Overtaken)) this.logger.warn({ err: notWritten }, `import ${id} rests for now`);
    }
  }

  private async fail(progress: ImportProgress, reason: string): Promise<void> {
    const { id, created, refused } = progress.import;
    await progress.step({ state: 'failed', reason, finishedAt: new Date() }, async (manager) => {
      await manager.delete(UserImportPiece, { importId: id });
      await this.audit.record({ action: 'import.failed', target: id, tenantId: '', details: { created, refused } });
    });
  }
}
