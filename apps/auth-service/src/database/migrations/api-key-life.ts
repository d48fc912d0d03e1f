import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys from before have none of these: they are good from everywhere, without limits of their own, as they were. */
const columns = {
  previousKeyHash: 'varchar(43)',
  previousKeyUntil: 'datetime(3)',
  allowedAddresses: 'longtext',
  limits: 'longtext',
  lastUsedAt: 'datetime(3)',
  lastUsedAddress: 'varchar(45)',
};

export class ApiKeyLife1700000005000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [name, type] of Object.entries(columns)) {
      if (await runner.hasColumn('api_keys', name)) continue;
      await runner.query(`ALTER TABLE api_keys ADD COLUMN \`${name}\` ${type} NULL`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of Object.keys(columns)) await runner.query(`ALTER TABLE api_keys DROP COLUMN \`${name}\``);
  }
}
