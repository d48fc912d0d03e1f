import type { MigrationInterface, QueryRunner } from 'typeorm';

import { addColumns, column } from '@libs/persistence';

/** Which address a user has confirmed. Those from before are told by auth-service, which knows, once it runs. */
export class ConfirmedEmails1700000008000 implements MigrationInterface {
  readonly name = 'ConfirmedEmails1700000008000';

  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, 'sys_user', [column.text('verifiedEmailKey', 254, { nullable: true })]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sys_user DROP COLUMN verifiedEmailKey');
  }
}
