import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tokens that were used before have no seed, so reuse of one of them ends its session as it always did. */
export class RefreshTokenSuccessors1700000002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    if (await runner.hasColumn('refresh_tokens', 'successorSeed')) return;
    await runner.query('ALTER TABLE refresh_tokens ADD COLUMN successorSeed varchar(43) NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE refresh_tokens DROP COLUMN successorSeed');
  }
}
