import type { MigrationInterface, QueryRunner } from 'typeorm';

import { column } from '../schema/column.js';
import { createTable } from '../schema/create-table.js';

/** The tables of this library; each service lists this migration first. */
export class PersistenceTables1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'outbox', {
      columns: [
        column.id(),
        column.text('topic', 100),
        column.text('subject', 100),
        column.json('payload'),
        column.time('createdAt'),
      ],
    });
    await createTable(runner, 'idempotency_records', {
      columns: [
        { ...column.text('scope', 43), isPrimary: true },
        column.text('fingerprint', 43),
        column.longText('answer', { nullable: true }),
        column.time('leaseUntil'),
        column.time('expiresAt'),
      ],
      index: [['expiresAt']],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('idempotency_records', true);
    await runner.dropTable('outbox', true);
  }
}
