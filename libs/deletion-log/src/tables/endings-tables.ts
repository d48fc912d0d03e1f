import type { MigrationInterface, QueryRunner } from 'typeorm';

import { column, createTable } from '@libs/persistence';

import { headId } from '../log/endings-log.js';

/** What has ended here, how far others' endings are followed, and the rows to wait at. */
export class EndingsTables1700000000020 implements MigrationInterface {
  readonly name = 'EndingsTables1700000000020';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'endings', {
      columns: [
        { ...column.integer('position'), isPrimary: true },
        column.text('kind', 32),
        column.reference('subjectId'),
        column.reference('tenantId'),
        column.time('endedAt'),
      ],
    });
    await createTable(runner, 'endings_head', {
      columns: [{ ...column.text('id', 8), isPrimary: true }, column.integer('position')],
    });
    await createTable(runner, 'followed_endings', {
      columns: [{ ...column.text('source', 32), isPrimary: true }, column.integer('position')],
    });
    await createTable(runner, 'holds', {
      columns: [
        { ...column.reference('subjectId'), isPrimary: true },
        column.integer('revision'),
        column.time('endedAt', { nullable: true }),
      ],
    });
    const heads = (await runner.query('SELECT id FROM endings_head')) as unknown[];
    if (heads.length === 0) await runner.query('INSERT INTO endings_head (id, position) VALUES (?, 0)', [headId]);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['holds', 'followed_endings', 'endings_head', 'endings']) await runner.dropTable(table, true);
  }
}
