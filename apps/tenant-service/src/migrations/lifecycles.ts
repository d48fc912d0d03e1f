import type { MigrationInterface, QueryRunner } from 'typeorm';

import { addColumns, column } from '@libs/persistence';

/** Tenants that are deleted, and why a user is in the status that they are in. */
export class Lifecycles1700000003000 implements MigrationInterface {
  readonly name = 'Lifecycles1700000003000';

  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, 'tenants', [column.deletedAt()]);
    await addColumns(runner, 'sys_user', [
      column.text('statusReason', 200, { nullable: true }),
      column.time('statusSince', { nullable: true }),
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE tenants DROP COLUMN deletedAt');
    await runner.query('ALTER TABLE sys_user DROP COLUMN statusReason');
    await runner.query('ALTER TABLE sys_user DROP COLUMN statusSince');
  }
}
