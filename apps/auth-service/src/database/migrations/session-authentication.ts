import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sessions that were opened before were authenticated when they were opened, and never since. */
export class SessionAuthentication1700000004100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    if (await runner.hasColumn('sessions', 'authenticatedAt')) return;
    await runner.query('ALTER TABLE sessions ADD COLUMN authenticatedAt datetime(3) NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions DROP COLUMN authenticatedAt');
  }
}
