import type { MigrationInterface, QueryRunner } from 'typeorm';

import { addIndex } from '@libs/persistence';

/** The instances of a tenant by status: deleted ones keep their rows, and the living are to be found among any number. */
export class LivingInstances1700000002000 implements MigrationInterface {
  readonly name = 'LivingInstances1700000002000';

  async up(runner: QueryRunner): Promise<void> {
    await addIndex(runner, 'instances', ['tenantId', 'status', 'projectId']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('instances', 'ix_instances_tenantId_status_projectId');
  }
}
