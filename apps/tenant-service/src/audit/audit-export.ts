import { Readable } from 'node:stream';

import { stringify } from 'csv-stringify/sync';
import type { FastifyReply } from 'fastify';

import type { AuditPage } from './audit-view.js';

type Entries = AuditPage['items'];

const columns = [
  'sequence',
  'time',
  'tenantId',
  'actorId',
  'actorMethod',
  'action',
  'target',
  'outcome',
  'reason',
  'clientAddress',
  'service',
  'sessionId',
  'apiKeyId',
  'requestId',
  'traceId',
  'details',
  'id',
  'previousHash',
  'hash',
] as const;

async function* ndjson(pages: AsyncIterable<Entries>): AsyncGenerator<string> {
  for await (const entries of pages) yield entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
}

async function* csv(pages: AsyncIterable<Entries>): AsyncGenerator<string> {
  // Spreadsheets run what begins like a formula, and some of the details were typed by strangers.
  const options = { columns: [...columns], escape_formulas: true };
  yield stringify([], { ...options, header: true });
  for await (const entries of pages) {
    yield stringify(
      entries.map((entry) => ({ ...entry, details: JSON.stringify(entry.details) })),
      options,
    );
  }
}

const formats = {
  ndjson: { type: 'application/x-ndjson', write: ndjson },
  csv: { type: 'text/csv; charset=utf-8', write: csv },
};

/** Streams entries as they are read; nothing of them is gathered in memory. */
export async function sendExport(
  reply: FastifyReply,
  format: keyof typeof formats,
  pages: AsyncIterable<Entries>,
): Promise<void> {
  const { type, write } = formats[format];
  await reply
    .header('content-type', type)
    .header('content-disposition', `attachment; filename="audit.${format}"`)
    .header('cache-control', 'no-store')
    .send(Readable.from(write(pages)));
}
