import type { MigrationInterface, QueryRunner } from 'typeorm';

import { addColumns, column, createTable } from '@libs/persistence';

/**
 * Addresses that wait for their proof, and proofs that tenant-service has to be told: all from before, to begin with.
 * That two registrations name one address is no mistake any more.
 */
export class EmailProofs1700000006000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'pending_emails', {
      columns: [column.id(), column.text('email', 254), column.time('askedAt')],
    });
    await addColumns(runner, 'verified_emails', [
      column.time('announcedAt', { nullable: true }),
      column.boolean('isFirst', { nullable: true }),
    ]);
    const proofs = await runner.getTable('verified_emails');
    if (proofs?.indices.every(({ name }) => name !== announced) === true) {
      await runner.query(`CREATE INDEX ${announced} ON verified_emails (announcedAt)`);
    }
    const registrations = await runner.getTable('registrations');
    const { type } = runner.dataSource.options;
    if (registrations?.indices.some(({ name }) => name === oneOfEach) === true) {
      await runner.query(`DROP INDEX ${oneOfEach}${type === 'mysql' ? ' ON registrations' : ''}`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE verified_emails DROP COLUMN announcedAt');
    await runner.query('ALTER TABLE verified_emails DROP COLUMN isFirst');
    await runner.dropTable('pending_emails', true);
  }
}

const announced = 'ix_verified_emails_announcedAt';
const oneOfEach = 'uq_registrations_email';
