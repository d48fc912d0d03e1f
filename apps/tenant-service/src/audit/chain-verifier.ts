import { Injectable } from '@nestjs/common';
import { IsNull, MoreThan, Not } from 'typeorm';

import { chainHash, chainStart } from '@libs/audit';
import { Database } from '@libs/persistence';

import { AuditChain } from './audit-chain.entity.js';
import { AuditEntry, recordOf } from './audit-entry.entity.js';
import { ChainSeal } from './chain-seal.js';

export interface ChainReport {
  readonly tenantId: string;
  /** How many entries the chain should have. */
  readonly entries: number;
  /** Of the last entry. Noted elsewhere, it proves later that the chain up to here is still the same. */
  readonly hash: string;
  readonly intact: boolean;
  /** The first entry that is missing or was altered; absent where the end itself is wrong. */
  readonly brokenAt?: number;
  readonly problem?: 'entry-missing' | 'entry-altered' | 'end-missing' | 'end-altered';
}

const batchSize = 500;

/** Recomputes chains from their first entry to the end that they have when it begins. */
@Injectable()
export class ChainVerifier {
  constructor(
    private readonly database: Database,
    private readonly seal: ChainSeal,
  ) {}

  async *verifyAll(): AsyncGenerator<ChainReport> {
    const rows = await this.database.manager
      .createQueryBuilder(AuditEntry, 'entry')
      .select('entry.tenantId', 'tenantId')
      .where('entry.tenantId IS NOT NULL')
      .distinct(true)
      .getRawMany<{ tenantId: string }>();
    const ends = await this.database.manager.find(AuditChain, {
      where: { tenantId: Not(IsNull()) },
      select: { tenantId: true },
    });
    for (const tenantId of new Set([...rows, ...ends].map((row) => row.tenantId))) yield await this.verify(tenantId);
  }

  async verify(tenantId: string): Promise<ChainReport> {
    const end = await this.database.manager.findOneBy(AuditChain, { tenantId });
    if (end === null) return { tenantId, entries: 0, hash: '', intact: false, problem: 'end-missing' };
    const report = { tenantId, entries: end.sequence, hash: end.hash };

    let [sequence, hash] = [0, chainStart];
    while (sequence < end.sequence) {
      const entries = await this.database.manager.find(AuditEntry, {
        where: { tenantId, sequence: MoreThan(sequence) },
        order: { sequence: 'ASC' },
        take: Math.min(batchSize, end.sequence - sequence),
      });
      if (entries.length === 0) return { ...report, intact: false, brokenAt: sequence + 1, problem: 'entry-missing' };
      for (const entry of entries) {
        if (entry.sequence !== sequence + 1) {
          return { ...report, intact: false, brokenAt: sequence + 1, problem: 'entry-missing' };
        }
        const { hash: written, ...record } = recordOf(entry);
        if (record.previousHash !== hash || chainHash(record) !== written) {
          return { ...report, intact: false, brokenAt: entry.sequence, problem: 'entry-altered' };
        }
        [sequence, hash] = [entry.sequence, written];
      }
    }
    if (hash !== end.hash || !this.seal.fits(end)) return { ...report, intact: false, problem: 'end-altered' };
    return { ...report, intact: true };
  }
}
