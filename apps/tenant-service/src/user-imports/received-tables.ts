import { Readable } from 'node:stream';

import { Injectable } from '@nestjs/common';
import { In, LessThan } from 'typeorm';

import { Holds } from '@libs/deletion-log';
import { Refusal } from '@libs/errors';
import { Database, deleteInPieces, newId, VersionedRepository } from '@libs/persistence';
import { currentContext, senderOf } from '@libs/trusted-headers';

import { type CsvLine, csvLines } from './csv-lines.js';
import { SealedRows } from './sealed-rows.js';
import { UserImport } from './user-import.entity.js';
import { UserImportPiece } from './user-import-piece.entity.js';

/** Of a table, whatever was said about its length. */
export const mostBytes = 256 * 1024 * 1024;
/** Imports that have not ended, of everybody and of one who asks. */
const [mostAtOnce, mostOfOne] = [20, 5];
const retryAfterS = 30;
const [rowsOfPiece, bytesOfPiece] = [100, 256 * 1024];
const untouched = { rows: 0, created: 0, refused: 0, pendingUserId: null, reason: null, finishedAt: null };
/** Whoever sent it is gone: no table comes as slowly. */
const abandonedAfterMs = 3_600_000;

/**
 * Takes tables in. Rows are put down in pieces as they come, so that no transaction waits for a client; nothing is done
 * with them before the import is accepted, and they go when the table is refused or never comes to its end.
 */
@Injectable()
export class ReceivedTables {
  private readonly imports: VersionedRepository<UserImport>;

  constructor(
    private readonly database: Database,
    private readonly holds: Holds,
    private readonly seal: SealedRows,
  ) {
    this.imports = new VersionedRepository(database, UserImport);
  }

  async receive(source: Readable): Promise<UserImport> {
    const { id } = await this.begin();
    try {
      await this.putDown(id, source);
      return await this.imports.get(id);
    } catch (error) {
      await this.remove(id);
      throw error;
    }
  }

  /** Forgets what was never received to its end. */
  async forgetAbandoned(now = Date.now()): Promise<void> {
    const abandoned = await this.imports.find({
      state: 'receiving',
      updatedAt: LessThan(new Date(now - abandonedAfterMs)),
    });
    for (const { id } of abandoned) await this.remove(id);
  }

  private begin(): Promise<UserImport> {
    const { identity, requestId, traceId, clientAddress = '' } = currentContext();
    const requestedBy = senderOf(identity);
    return this.database.transaction(async (manager) => {
      // Two who ask at once would both find the last place free.
      await this.holds.hold('user-imports');
      const unfinished = { state: In(['receiving', 'queued', 'running']) };
      const places = [
        [await manager.countBy(UserImport, unfinished), mostAtOnce],
        [await manager.countBy(UserImport, { ...unfinished, requestedBy }), mostOfOne],
      ] as const;
      const full = places.find(([taken, most]) => taken >= most);
      if (full !== undefined) throw tooMany(full[1]);
      const now = new Date();
      return this.imports.insert({
        id: newId(),
        state: 'receiving',
        requestedBy,
        requester: { identity, requestId, traceId, clientAddress },
        ...untouched,
        leaseUntil: now,
        movedAt: now,
      });
    });
  }

  private async putDown(id: string, source: Readable): Promise<void> {
    let rows = 0;
    for await (const piece of piecesOf(csvLines(Readable.from(atMost(mostBytes, source))))) {
      await this.add(id, rows, piece);
      rows += piece.length;
    }
  }

  private async add(importId: string, firstRow: number, rows: readonly CsvLine[]): Promise<void> {
    const id = newId();
    const sealedRows = this.seal.write(id, rows);
    await this.database.transaction(async (manager) => {
      await this.imports.update(importId, undefined, { rows: firstRow + rows.length });
      await manager.insert(UserImportPiece, { id, importId, firstRow, sealedRows });
    });
  }

  private async remove(id: string): Promise<void> {
    const { affected } = await this.database.transaction((manager) =>
      manager.delete(UserImport, { id, state: 'receiving' }),
    );
    if (affected === 1) await deleteInPieces(this.database, UserImportPiece, { importId: id });
  }
}

/** A table that cannot be read any further is imported as far as it was; the last row says so. */
async function* piecesOf(lines: AsyncIterable<CsvLine>): AsyncGenerator<readonly CsvLine[]> {
  let [piece, bytes, isAnyRead]: [CsvLine[], number, boolean] = [[], 0, false];
  try {
    for await (const line of lines) {
      piece.push(line);
      bytes += JSON.stringify(line).length;
      isAnyRead = true;
      if (piece.length < rowsOfPiece && bytes < bytesOfPiece) continue;
      yield piece;
      [piece, bytes] = [[], 0];
    }
  } catch (error) {
    if (!isAnyRead || !(error instanceof Refusal) || error.code !== 'REQUEST_INVALID') throw error;
    piece.push({ number: 0, reason: error.code, errors: error.errors });
  }
  if (piece.length > 0) yield piece;
}

async function* atMost(bytes: number, source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let left = bytes;
  for await (const chunk of source) {
    left -= chunk.length;
    if (left < 0) throw new Refusal('REQUEST_BODY_TOO_LARGE');
    yield chunk;
  }
}

const tooMany = (most: number): Refusal =>
  new Refusal('RATE_LIMITED', {
    detail: `${most} imports are under way; the next is taken when one of them has ended.`,
    headers: { 'retry-after': String(retryAfterS) },
  });
