import { type ChainedAuditEvent, chainHash, chainStart } from '@libs/audit';

export interface ExportReport {
  readonly tenantId: string;
  readonly entries: number;
  readonly hash: string;
  readonly intact: boolean;
  readonly brokenAt?: number;
  readonly problem?: 'entry-missing' | 'entry-altered';
}

/** Recomputes the chain of an export (lines of JSON, unfiltered) without asking anybody. */
export async function verifyExport(lines: AsyncIterable<string>): Promise<ExportReport> {
  let report = { tenantId: '', entries: 0, hash: chainStart };
  for await (const line of lines) {
    if (line.trim() === '') continue;
    const { hash, ...record } = JSON.parse(line) as ChainedAuditEvent;
    const brokenAt = report.entries + 1;
    if (record.sequence !== brokenAt) return { ...report, intact: false, brokenAt, problem: 'entry-missing' };
    const isNext = record.previousHash === report.hash && (brokenAt === 1 || record.tenantId === report.tenantId);
    if (!isNext || chainHash(record) !== hash) return { ...report, intact: false, brokenAt, problem: 'entry-altered' };
    report = { tenantId: record.tenantId, entries: brokenAt, hash };
  }
  return { ...report, intact: true };
}
