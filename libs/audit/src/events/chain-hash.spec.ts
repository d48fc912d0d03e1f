import { createHash } from 'node:crypto';

import type { AuditEvent } from './audit-event.js';
import { chained, chainHash, chainStart } from './chain-hash.js';

const event: AuditEvent = {
  id: '0199e2a4-0000-7000-8000-000000000001',
  tenantId: 'tenant-1',
  time: '2026-01-02T03:04:05.678Z',
  service: 'project-service',
  action: 'project.created',
  target: 'project-1',
  outcome: 'done',
  reason: '',
  actorId: 'user-alice',
  actorMethod: 'jwt',
  sessionId: 'session-1',
  apiKeyId: '',
  clientAddress: '192.0.2.7',
  requestId: 'request-1',
  traceId: 'trace-1',
  details: { name: 'Lighthouse', colours: ['red', 'white'] },
};

describe('chainHash', () => {
  it('is what anybody can compute from an exported record: SHA-256 over its JSON with sorted keys', () => {
    const { hash, ...record } = chained(event, 1, chainStart);
    const keys = Object.keys(record).toSorted() as (keyof typeof record)[];
    const text = `{${keys
      .map((key) => {
        const value = key === 'details' ? { colours: ['red', 'white'], name: 'Lighthouse' } : record[key];
        return `${JSON.stringify(key)}:${JSON.stringify(value)}`;
      })
      .join(',')}}`;
    expect(hash).toBe(createHash('sha256').update(text).digest('hex'));
  });

  it.each([
    { what: 'the event', changed: { ...event, target: 'project-2' }, sequence: 1, previous: chainStart },
    { what: 'a detail', changed: { ...event, details: { name: 'lighthouse' } }, sequence: 1, previous: chainStart },
    { what: 'its place', changed: event, sequence: 2, previous: chainStart },
    { what: 'what came before', changed: event, sequence: 1, previous: 'f'.repeat(64) },
  ])('changes with $what', ({ changed, sequence, previous }) => {
    const { hash } = chained(event, 1, chainStart);
    expect(chainHash({ ...changed, sequence, previousHash: previous })).not.toBe(hash);
  });
});
