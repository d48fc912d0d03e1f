import type { MigrationInterface, QueryRunner } from 'typeorm';

import { column, createTable } from '@libs/persistence';

export class AuditOutbox1700000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'audit_outbox', { columns: [column.id(), column.json('event')] });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('audit_outbox', true);
  }
}
