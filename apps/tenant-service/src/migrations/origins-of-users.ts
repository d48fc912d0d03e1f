import type { MigrationInterface, QueryRunner } from 'typeorm';

import { addColumns, column } from '@libs/persistence';

const claimed = 'ix_sys_user_claimedEmailKey';

/** Who made a user, and who has entered an address last that is somebody else's. Nothing is known of rows from before. */
export class OriginsOfUsers1700000009000 implements MigrationInterface {
  readonly name = 'OriginsOfUsers1700000009000';

  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, 'sys_user', [
      column.text('origin', 16, { nullable: true }),
      column.text('claimedEmailKey', 254, { nullable: true }),
    ]);
    const table = await runner.getTable('sys_user');
    if (table?.indices.some(({ name }) => name === claimed) === true) return;
    await runner.query(`CREATE INDEX ${claimed} ON sys_user (claimedEmailKey)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    const { type } = runner.dataSource.options;
    await runner.query(`DROP INDEX ${claimed}${type === 'mysql' ? ' ON sys_user' : ''}`);
    await runner.query('ALTER TABLE sys_user DROP COLUMN claimedEmailKey');
    await runner.query('ALTER TABLE sys_user DROP COLUMN origin');
  }
}
