import type { MigrationInterface, QueryRunner } from 'typeorm';

import { column, createTable } from '@libs/persistence';

export class MailInvitations1700000006000 implements MigrationInterface {
  readonly name = 'MailInvitations1700000006000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'mail_invitations', {
      columns: [
        ...column.versioned(),
        column.reference('tenantId'),
        column.text('email', 254),
        column.text('emailKey', 254),
        column.text('role', 40),
        column.reference('invitedById'),
        column.text('tokenHash', 43),
        column.time('expiresAt'),
      ],
      unique: [['tenantId', 'emailKey'], ['tokenHash']],
      references: [{ column: 'tenantId', table: 'tenants' }],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('mail_invitations', true);
  }
}
