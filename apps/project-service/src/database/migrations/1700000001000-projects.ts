import type { MigrationInterface, QueryRunner } from 'typeorm';

import { column, createTable } from '@libs/persistence';

export class Projects1700000001000 implements MigrationInterface {
  readonly name = 'Projects1700000001000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'projects', {
      columns: [
        ...column.versioned(),
        column.reference('tenantId'),
        column.text('name', 100),
        column.text('livingNameKey', 200, { nullable: true }),
        column.longText('description'),
        column.text('status', 20),
        column.reference('ownerId'),
        column.deletedAt(),
      ],
      unique: [['tenantId', 'livingNameKey']],
      index: [
        ['tenantId', 'createdAt', 'id'],
        ['tenantId', 'updatedAt', 'id'],
      ],
    });
    await createTable(runner, 'project_members', {
      columns: [
        ...column.versioned(),
        column.reference('tenantId'),
        column.reference('projectId'),
        column.reference('userId'),
        column.text('role', 20),
      ],
      unique: [['projectId', 'userId']],
      index: [['tenantId', 'userId', 'projectId']],
      references: [{ column: 'projectId', table: 'projects', onDelete: 'CASCADE' }],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('project_members', true);
    await runner.dropTable('projects', true);
  }
}
