import type { MigrationInterface, QueryRunner } from 'typeorm';

import { addIndex } from '@libs/persistence';

/** The keys of a tenant that is gone are found among those of all others, and of those that were revoked before. */
export class LivingApiKeys1700000008000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await addIndex(runner, 'api_keys', ['tenantId', 'revokedAt']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('api_keys', 'ix_api_keys_tenantId_revokedAt');
  }
}
