import type { MigrationInterface, QueryRunner } from 'typeorm';

import { addIndex } from '@libs/persistence';

/** Each order of the list has an index, which passes by what is deleted. */
export class WalkedInstances1700000003000 implements MigrationInterface {
  readonly name = 'WalkedInstances1700000003000';

  async up(runner: QueryRunner): Promise<void> {
    await addIndex(runner, 'instances', ['tenantId', 'deletedAt', 'name', 'id']);
    await addIndex(runner, 'instances', ['tenantId', 'deletedAt', 'status', 'id']);
    await addIndex(runner, 'instances', ['tenantId', 'deletedAt', 'createdAt', 'id']);
    await addIndex(runner, 'instances', ['tenantId', 'deletedAt', 'updatedAt', 'id']);
    await addIndex(runner, 'instances', ['tenantId', 'deletedAt', 'projectId', 'id']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('instances', 'ix_instances_tenantId_deletedAt_name_id');
    await runner.dropIndex('instances', 'ix_instances_tenantId_deletedAt_status_id');
    await runner.dropIndex('instances', 'ix_instances_tenantId_deletedAt_createdAt_id');
    await runner.dropIndex('instances', 'ix_instances_tenantId_deletedAt_updatedAt_id');
    await runner.dropIndex('instances', 'ix_instances_tenantId_deletedAt_projectId_id');
  }
}
