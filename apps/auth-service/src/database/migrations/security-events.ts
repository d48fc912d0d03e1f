import type { MigrationInterface, QueryRunner } from 'typeorm';

import { column, createTable } from '@libs/persistence';

export class SecurityEvents1700000007000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'security_events', {
      columns: [
        column.id(),
        column.reference('userId'),
        column.text('event', 40),
        column.text('subject', 64),
        column.text('clientAddress', 45),
        column.text('reason', 100),
        column.createdAt(),
      ],
      index: [['userId', 'createdAt'], ['createdAt']],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('security_events', true);
  }
}
