import type { MigrationInterface, QueryRunner } from 'typeorm';

import { addColumns, column } from '@libs/persistence';

/** Whether a password was made by a program and must be changed; older versions, and rows of theirs, know of none. */
export class InitialPasswords1700000009000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, 'credentials', [column.boolean('mustChange', { nullable: true })]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE credentials DROP COLUMN `mustChange`');
  }
}
