import type { MigrationInterface, QueryRunner } from 'typeorm';

import { column, createTable } from '@libs/persistence';

/** Tables of users that are imported after the answer. */
export class UserImports1700000011000 implements MigrationInterface {
  readonly name = 'UserImports1700000011000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'user_imports', {
      columns: [
        ...column.versioned(),
        column.text('state', 16),
        column.text('requestedBy', 128),
        column.json('requester'),
        column.integer('rows'),
        column.integer('created'),
        column.integer('refused'),
        column.reference('pendingUserId', { nullable: true }),
        column.text('reason', 64, { nullable: true }),
        column.time('leaseUntil'),
        column.time('movedAt'),
        column.time('finishedAt', { nullable: true }),
      ],
      index: [
        ['state', 'updatedAt'],
        ['createdAt', 'id'],
      ],
    });
    await createTable(runner, 'user_import_pieces', {
      columns: [column.id(), column.reference('importId'), column.integer('firstRow'), column.longText('sealedRows')],
      unique: [['importId', 'firstRow']],
    });
    await createTable(runner, 'user_import_refusals', {
      columns: [
        column.id(),
        column.reference('importId'),
        column.integer('position'),
        column.integer('line'),
        column.text('reason', 128),
        column.json('errors'),
      ],
      unique: [['importId', 'position']],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['user_import_refusals', 'user_import_pieces', 'user_imports']) {
      await runner.dropTable(table, true);
    }
  }
}
