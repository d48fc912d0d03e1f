import type { MigrationInterface, QueryRunner } from 'typeorm';

import { column, createTable } from '@libs/persistence';

export class AuditTables1700000000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'audit_entries', {
      columns: [
        column.id(),
        column.reference('tenantId'),
        column.integer('sequence'),
        column.time('time'),
        column.text('service', 40),
        column.text('action', 64),
        column.text('target', 128),
        column.text('outcome', 10),
        column.text('reason', 64),
        column.text('actorId', 64),
        column.text('actorMethod', 16),
        column.text('sessionId', 36),
        column.text('apiKeyId', 36),
        column.text('clientAddress', 45),
        column.text('requestId', 64),
        column.text('traceId', 64),
        column.json('details'),
        column.text('previousHash', 64),
        column.text('hash', 64),
      ],
      unique: [['tenantId', 'sequence']],
      index: [
        ['tenantId', 'time', 'id'],
        ['tenantId', 'actorId', 'sequence'],
        ['tenantId', 'target', 'sequence'],
      ],
    });
    await createTable(runner, 'audit_chains', {
      columns: [
        { ...column.reference('tenantId'), isPrimary: true },
        column.integer('sequence'),
        column.text('hash', 64),
        column.text('seal', 64),
        column.integer('takes'),
      ],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('audit_chains', true);
    await runner.dropTable('audit_entries', true);
  }
}
