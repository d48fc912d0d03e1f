import type { MigrationInterface, QueryRunner } from 'typeorm';

import { addIndex } from '@libs/persistence';

/** Each order of the lists has an index, which passes by what is deleted. */
export class WalkedProjects1700000002000 implements MigrationInterface {
  readonly name = 'WalkedProjects1700000002000';

  async up(runner: QueryRunner): Promise<void> {
    await addIndex(runner, 'projects', ['tenantId', 'deletedAt', 'name', 'id']);
    await addIndex(runner, 'projects', ['tenantId', 'deletedAt', 'status', 'id']);
    await addIndex(runner, 'projects', ['tenantId', 'deletedAt', 'createdAt', 'id']);
    await addIndex(runner, 'projects', ['tenantId', 'deletedAt', 'updatedAt', 'id']);
    await addIndex(runner, 'projects', ['tenantId', 'deletedAt', 'ownerId', 'id']);
    await addIndex(runner, 'project_members', ['projectId', 'createdAt', 'id']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('projects', 'ix_projects_tenantId_deletedAt_name_id');
    await runner.dropIndex('projects', 'ix_projects_tenantId_deletedAt_status_id');
    await runner.dropIndex('projects', 'ix_projects_tenantId_deletedAt_createdAt_id');
    await runner.dropIndex('projects', 'ix_projects_tenantId_deletedAt_updatedAt_id');
    await runner.dropIndex('projects', 'ix_projects_tenantId_deletedAt_ownerId_id');
    await runner.dropIndex('project_members', 'ix_project_members_projectId_createdAt_id');
  }
}
