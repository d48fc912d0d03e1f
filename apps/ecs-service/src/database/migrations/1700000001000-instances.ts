import type { MigrationInterface, QueryRunner } from 'typeorm';

import { column, createTable } from '@libs/persistence';

export class Instances1700000001000 implements MigrationInterface {
  readonly name = 'Instances1700000001000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'instances', {
      columns: [
        ...column.versioned(),
        column.reference('tenantId'),
        column.reference('projectId'),
        column.reference('creatorId'),
        column.text('name', 100),
        column.text('flavor', 64),
        column.text('image', 200),
        column.text('status', 20),
        column.text('statusReason', 200),
        column.time('statusSince'),
        column.time('driveAt', { nullable: true }),
        column.integer('driveFailures'),
        column.deletedAt(),
      ],
      index: [['tenantId', 'createdAt', 'id'], ['tenantId', 'projectId', 'createdAt'], ['driveAt']],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('instances', true);
  }
}
