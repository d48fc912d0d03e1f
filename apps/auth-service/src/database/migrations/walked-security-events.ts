import type { MigrationInterface, QueryRunner } from 'typeorm';

import { addIndex } from '@libs/persistence';

/** The events of a person have an order that an index has. */
export class WalkedSecurityEvents1700000010000 implements MigrationInterface {
  readonly name = 'WalkedSecurityEvents1700000010000';

  async up(runner: QueryRunner): Promise<void> {
    await addIndex(runner, 'security_events', ['userId', 'createdAt', 'id']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('security_events', 'ix_security_events_userId_createdAt_id');
  }
}
