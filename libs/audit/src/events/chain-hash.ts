import { createHash } from 'node:crypto';

import { canonicalJson } from '@libs/persistence';

import type { AuditEvent } from './audit-event.js';

/** An event in its place in the chain of its tenant. */
export interface ChainedAuditEvent extends AuditEvent {
  /** Counts from 1, without gaps. */
  readonly sequence: number;
  readonly previousHash: string;
  readonly hash: string;
}

/** What the first event of a chain follows. */
export const chainStart = '0'.repeat(64);

/** SHA-256, in hexadecimal, over the JSON of the record without its `hash`, keys sorted and nothing between the parts. */
export const chainHash = (record: Omit<ChainedAuditEvent, 'hash'>): string =>
  createHash('sha256').update(canonicalJson(record)).digest('hex');

export const chained = (event: AuditEvent, sequence: number, previousHash: string): ChainedAuditEvent => {
  const record = { ...event, sequence, previousHash };
  return { ...record, hash: chainHash(record) };
};
