import { Injectable, type OnApplicationShutdown } from '@nestjs/common';

import { Database } from '../database/database.js';
import type { StorageFault } from '../database/storage-faults.js';
import { IdempotencyRecord } from '../idempotency/idempotency-record.entity.js';
import { newId } from '../ids/new-id.js';

/** More than fits into the room that a full disk or table may still have between its rows. */
const probeBytes = 64 * 1024;

const open = new Set<DatabaseHealth>();

/** For the metrics: how many databases of this process take no writes, and why. */
export function storageFaults(): Readonly<Record<StorageFault, number>> {
  const counts = { full: 0, 'read-only': 0, failing: 0 };
  for (const { fault } of open) if (fault !== undefined) counts[fault] += 1;
  return counts;
}

/** Whether the database can be used: it answers, and takes writes. */
@Injectable()
export class DatabaseHealth implements OnApplicationShutdown {
  constructor(private readonly database: Database) {
    open.add(this);
  }

  get fault(): StorageFault | undefined {
    return this.database.storageFault;
  }

  onApplicationShutdown(): void {
    open.delete(this);
  }

  /**
   * Rejects while nobody answers. A database that only reads is no reason to send requests elsewhere, since all
   * processes have the same one: it is told of, and asked with a row of its own whether it writes again.
   */
  async check(): Promise<{ readonly writes: 'refused' } | undefined> {
    await this.database.ping();
    if (this.fault === undefined || (await this.writes())) return undefined;
    return { writes: 'refused' };
  }

  /** Whether its clock is another one than that of this process. */
  get hasOwnClock(): boolean {
    return this.database.kind === 'mysql';
  }

  /** What its clock says, in milliseconds since 1970. */
  time(): Promise<number> {
    return this.database.time();
  }

  private async writes(): Promise<boolean> {
    const at = new Date();
    const scope = newId();
    const row = { scope, fingerprint: '', answer: 'x'.repeat(probeBytes), leaseUntil: at, expiresAt: at };
    return this.database.probe(async (manager) => {
      await manager.insert(IdempotencyRecord, row);
      await manager.delete(IdempotencyRecord, { scope });
    });
  }
}
