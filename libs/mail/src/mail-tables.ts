import type { MigrationInterface, QueryRunner } from 'typeorm';

import { column, createTable } from '@libs/persistence';

/** The table of this library, in the schema of each service that writes to people. */
export class MailTables1700000000500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'posted_mails', {
      columns: [
        column.id(),
        column.longText('sealedMail'),
        column.integer('attempts'),
        column.time('nextAttemptAt'),
        column.time('uselessAt'),
      ],
      index: [['nextAttemptAt']],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('posted_mails', true);
  }
}
