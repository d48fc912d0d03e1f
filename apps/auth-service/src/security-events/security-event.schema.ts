import { z } from 'zod';

import { Listing, pageOf } from '@libs/persistence';

import { ownerEvents } from './owner-events.js';
import type { SecurityEventRecord } from './security-event.entity.js';

export const SecurityEventAnswer = z
  .object({
    id: z.uuid(),
    event: z.enum(ownerEvents),
    subject: z
      .string()
      .describe('the session, API key or passkey that it was about; empty where it was about the account'),
    clientAddress: z.string().describe('from where; empty where it came from no client of the account'),
    reason: z.string(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'SecurityEvent' });
export type SecurityEventAnswer = z.infer<typeof SecurityEventAnswer>;

export const SecurityEventList = pageOf(SecurityEventAnswer, 'SecurityEventPage');
export type SecurityEventList = z.infer<typeof SecurityEventList>;

export const securityEventListing = new Listing<SecurityEventRecord>({
  defaultOrder: 'createdAt desc',
  orderable: ['createdAt'],
  filterable: { event: ownerEvents, subject: 'text', clientAddress: 'text', createdAt: 'time' },
  size: { scope: ['userId'], walks: ['createdAt'] },
});

export const toSecurityEvent = (record: SecurityEventRecord): SecurityEventAnswer => ({
  id: record.id,
  event: record.event,
  subject: record.subject,
  clientAddress: record.clientAddress,
  reason: record.reason,
  createdAt: record.createdAt.toISOString(),
});
