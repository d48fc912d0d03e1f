import type { MigrationInterface, QueryRunner } from 'typeorm';

import { addColumns, column } from '@libs/persistence';

export class SecondFactorDuty1700000007000 implements MigrationInterface {
  readonly name = 'SecondFactorDuty1700000007000';

  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, 'tenants', [column.boolean('requireSecondFactor', { nullable: true })]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE tenants DROP COLUMN requireSecondFactor');
  }
}
