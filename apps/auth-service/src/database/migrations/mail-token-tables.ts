import type { MigrationInterface, QueryRunner } from 'typeorm';

import { column, createTable } from '@libs/persistence';

export class MailTokenTables1700000003000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'mail_tokens', {
      columns: [
        column.id(),
        column.reference('userId'),
        column.text('purpose', 20),
        column.text('email', 254),
        column.text('tokenHash', 43),
        column.createdAt(),
        column.time('expiresAt'),
      ],
      unique: [['tokenHash']],
      index: [['userId'], ['expiresAt']],
    });
    await createTable(runner, 'verified_emails', {
      columns: [column.id(), column.text('email', 254), column.time('verifiedAt')],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('verified_emails', true);
    await runner.dropTable('mail_tokens', true);
  }
}
