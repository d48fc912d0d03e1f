import type { MigrationInterface, QueryRunner } from 'typeorm';

import { addColumns, column, createTable } from '@libs/persistence';

export class ConfigHistory1700000005000 implements MigrationInterface {
  readonly name = 'ConfigHistory1700000005000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'config_keys', {
      columns: [
        ...column.versioned(),
        column.text('configKey', 128),
        column.text('description', 200),
        column.json('valueSchema', { nullable: true }),
        column.boolean('isSecret'),
      ],
      unique: [['configKey']],
    });
    await createTable(runner, 'tenant_config_versions', {
      columns: [
        ...column.versioned(),
        column.reference('tenantId'),
        column.text('configKey', 128),
        column.integer('number'),
        column.longText('valueJson'),
        column.boolean('isSecret'),
        column.boolean('isDeleted'),
        column.text('actor', 64),
      ],
      unique: [['tenantId', 'configKey', 'number']],
      references: [{ column: 'tenantId', table: 'tenants' }],
    });
    await addColumns(runner, 'tenant_configs', [column.boolean('isSecret', { nullable: true })]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE tenant_configs DROP COLUMN isSecret');
    await runner.dropTable('tenant_config_versions', true);
    await runner.dropTable('config_keys', true);
  }
}
