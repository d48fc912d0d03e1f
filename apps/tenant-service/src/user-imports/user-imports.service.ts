import type { Readable } from 'node:stream';

import { Injectable } from '@nestjs/common';

import { Audit } from '@libs/audit';
import { Database, IdempotentRun, type Page, type PageRequest, VersionedRepository } from '@libs/persistence';

import { ImportPieces } from './import-pieces.js';
import { leaseMs } from './import-progress.js';
import { ImportRounds } from './import-rounds.js';
import { ReceivedTables } from './received-tables.js';
import { RefusedRow } from './refused-row.entity.js';
import { UserImport } from './user-import.entity.js';
import { userImportListing } from './user-import-listing.js';

/** Whoever sends no more than these is answered when they are done. */
const quickRows = 1_000;
const mostTold = 1_000;

export interface ImportReport {
  readonly import: UserImport;
  /** The first of them. */
  readonly refusedRows: readonly RefusedRow[];
}

interface Start {
  /** Answered when the table is kept, however few its rows are. */
  readonly isAnsweredAtOnce: boolean;
  /** What a repeated request is answered if this one gets no further than that. */
  readonly accepted: (report: ImportReport) => unknown;
}

/** Imports of users by the table: a bad row is told and keeps no other from being imported. */
@Injectable()
export class UserImportsService {
  private readonly imports: VersionedRepository<UserImport>;

  constructor(
    private readonly database: Database,
    private readonly tables: ReceivedTables,
    private readonly pieces: ImportPieces,
    private readonly rounds: ImportRounds,
    private readonly idempotent: IdempotentRun,
    private readonly audit: Audit,
  ) {
    this.imports = new VersionedRepository(database, UserImport);
  }

  /** From when it is accepted on, the import comes to its end, whatever becomes of this process or the client. */
  async start(source: Readable, { isAnsweredAtOnce, accepted }: Start): Promise<ImportReport> {
    const { id, rows } = await this.tables.receive(source);
    const isQuick = rows <= quickRows && !isAnsweredAtOnce;
    const leaseUntil = new Date(Date.now() + (isQuick ? leaseMs : 0));
    const started = await this.database.transaction(async () => {
      const queued = await this.imports.update(id, undefined, { state: 'queued', leaseUntil, movedAt: new Date() });
      await this.audit.record({ action: 'import.accepted', target: id, tenantId: '', details: { rows } });
      await this.idempotent.concludeWith(accepted({ import: queued, refusedRows: [] }));
      if (!isQuick) this.database.afterCommit(() => this.rounds.soon());
      return queued;
    });
    if (!isQuick) return { import: started, refusedRows: [] };
    let at = started;
    while (await this.pieces.next(at, 'keep')) at = await this.imports.get(id);
    return this.report(id);
  }

  async report(id: string): Promise<ImportReport> {
    const found = await this.imports.get(id);
    const refusedRows = await this.database.manager.find(RefusedRow, {
      where: { importId: id },
      order: { position: 'ASC' },
      take: mostTold,
    });
    return { import: found, refusedRows };
  }

  list(request: PageRequest): Promise<Page<UserImport>> {
    return userImportListing.page(this.imports.query('import'), request);
  }
}
