import type { MigrationInterface, QueryRunner } from 'typeorm';

import { column, createTable } from '@libs/persistence';

/**
 * A version is one whole document rather than rows of routes, services, instances and limits: they only make sense
 * together, are checked together and are put in force together, and what was in force last Tuesday is one row.
 */
export class ConfigurationTables1700000001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const signed = [column.text('author', 200), column.text('reason', 1000), column.createdAt()];
    await createTable(runner, 'configuration_versions', {
      columns: [column.id(), column.integer('number'), column.longText('document'), ...signed],
      unique: [['number']],
    });
    await createTable(runner, 'configuration_publications', {
      columns: [column.id(), column.integer('number'), column.integer('version'), ...signed],
      unique: [['number']],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('configuration_publications', true);
    await runner.dropTable('configuration_versions', true);
  }
}
