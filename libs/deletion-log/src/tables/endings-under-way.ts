import type { MigrationInterface, QueryRunner } from 'typeorm';

import { column, createTable } from '@libs/persistence';

/** The endings of other services that are taken over and not worked off yet. */
export class EndingsUnderWay1700000000030 implements MigrationInterface {
  readonly name = 'EndingsUnderWay1700000000030';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'endings_under_way', {
      columns: [
        { ...column.text('source', 32), isPrimary: true },
        { ...column.integer('position'), isPrimary: true },
        column.text('kind', 32),
        column.reference('subjectId'),
        column.reference('tenantId'),
        column.time('endedAt'),
        column.integer('turns'),
      ],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('endings_under_way', true);
  }
}
