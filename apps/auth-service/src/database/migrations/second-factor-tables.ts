import type { MigrationInterface, QueryRunner } from 'typeorm';

import { column, createTable } from '@libs/persistence';

export class SecondFactorTables1700000004000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'used_challenges', {
      columns: [column.id(), column.time('expiresAt')],
      index: [['expiresAt']],
    });
    await createTable(runner, 'totp_factors', {
      columns: [
        column.id(),
        column.text('sealedSecret', 255),
        column.time('confirmedAt', { nullable: true }),
        column.integer('lastStep'),
        column.createdAt(),
      ],
    });
    await createTable(runner, 'recovery_codes', {
      columns: [column.id(), column.reference('userId'), column.text('codeHash', 43), column.createdAt()],
      unique: [['userId', 'codeHash']],
    });
    await createTable(runner, 'passkeys', {
      columns: [
        column.id(),
        column.reference('userId'),
        column.text('name', 100),
        column.text('credentialHash', 43),
        column.longText('credentialId'),
        column.longText('publicKey'),
        column.integer('counter'),
        column.json('transports'),
        column.boolean('isSynchronised'),
        column.createdAt(),
        column.time('lastUsedAt', { nullable: true }),
      ],
      unique: [['credentialHash']],
      index: [['userId', 'createdAt']],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['passkeys', 'recovery_codes', 'totp_factors', 'used_challenges']) {
      await runner.dropTable(table, true);
    }
  }
}
