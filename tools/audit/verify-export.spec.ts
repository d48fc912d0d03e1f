import { type AuditEvent, chained, type ChainedAuditEvent, chainStart } from '@libs/audit';

import { verifyExport } from './verify-export.js';

const anEvent = (n: number): AuditEvent => ({
  id: `event-${n}`,
  tenantId: 'tenant-1',
  time: '2026-01-02T03:04:05.678Z',
  service: 'project-service',
  action: 'project.created',
  target: `project-${n}`,
  outcome: 'done',
  reason: '',
  actorId: 'user-alice',
  actorMethod: 'jwt',
  sessionId: '',
  apiKeyId: '',
  clientAddress: '192.0.2.7',
  requestId: '',
  traceId: '',
  details: { name: 'Lighthouse', many: 2 },
});

const entries: ChainedAuditEvent[] = [1, 2, 3, 4].reduce<ChainedAuditEvent[]>(
  (chain, n) => [...chain, chained(anEvent(n), n, chain.at(-1)?.hash ?? chainStart)],
  [],
);

async function* lines(records: readonly object[]): AsyncGenerator<string> {
  for (const record of records) yield JSON.stringify(record);
}

describe('an exported chain', () => {
  it('is intact as it was exported, whatever the order of its fields', async () => {
    const turned = entries.map((entry) => Object.fromEntries(Object.entries(entry).toReversed()));
    const report = { tenantId: 'tenant-1', entries: 4, hash: entries[3]?.hash, intact: true };
    expect(await verifyExport(lines(entries))).toEqual(report);
    expect(await verifyExport(lines(turned))).toEqual(report);
  });

  it.each([
    { what: 'an altered entry', records: entries.map((e) => (e.sequence === 2 ? { ...e, target: 'x' } : e)), at: 2 },
    { what: 'a missing entry', records: entries.filter(({ sequence }) => sequence !== 2), at: 2 },
    { what: 'a missing beginning', records: entries.slice(1), at: 1 },
    { what: 'entries in another order', records: [entries[0], entries[2], entries[1], entries[3]], at: 2 },
    { what: 'an entry twice', records: [entries[0], entries[0], entries[1]], at: 2 },
    { what: 'a link to another chain', records: [entries[0], chained(anEvent(2), 2, 'f'.repeat(64))], at: 2 },
  ])('is broken by $what', async ({ records, at }) => {
    expect(await verifyExport(lines(records as object[]))).toMatchObject({ intact: false, brokenAt: at });
  });
});
