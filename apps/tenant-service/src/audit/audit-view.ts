import { z } from 'zod';

import type { ChainedAuditEvent } from '@libs/audit';
import { pageOf } from '@libs/persistence';

import { auditListing } from './audit-listing.js';

const AuditEntryView = z
  .object({
    id: z.uuid(),
    tenantId: z.string(),
    sequence: z.int().describe('counts from 1, without gaps'),
    time: z.iso.datetime(),
    service: z.string(),
    action: z.string().describe('a noun and what happened to it, as project.created'),
    target: z.string(),
    outcome: z.enum(['done', 'refused']),
    reason: z.string(),
    actorId: z
      .string()
      .describe('a user, the name of a service that acted for itself, or system for what went on unasked'),
    actorMethod: z.string(),
    sessionId: z.string(),
    apiKeyId: z.string(),
    clientAddress: z.string(),
    requestId: z.string(),
    traceId: z.string(),
    details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])),
    previousHash: z.string(),
    hash: z.string().describe('SHA-256 over the JSON of the other fields, keys sorted at every depth'),
  })
  .meta({ id: 'AuditEntry' });

export const AuditPage = pageOf(AuditEntryView, 'AuditPage');
export interface AuditPage {
  readonly items: ChainedAuditEvent[];
  readonly nextPageToken: string;
}

export const ExportQuery = z.strictObject({
  format: z.enum(['ndjson', 'csv']).default('ndjson').describe('One JSON object a line, or a table.'),
  filter: auditListing.query.shape.filter,
});
export type ExportQuery = z.infer<typeof ExportQuery>;
