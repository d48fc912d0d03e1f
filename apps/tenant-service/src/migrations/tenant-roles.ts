import type { MigrationInterface, QueryRunner } from 'typeorm';

import { column, createTable, widenText } from '@libs/persistence';

/** Roles of a tenant's own, whose names are longer than those of the built-in ones. */
export class TenantRoles1700000002000 implements MigrationInterface {
  readonly name = 'TenantRoles1700000002000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'tenant_roles', {
      columns: [
        ...column.versioned(),
        column.reference('tenantId'),
        column.text('name', 40),
        column.text('description', 200),
        column.json('permissions'),
      ],
      unique: [['tenantId', 'name']],
      references: [{ column: 'tenantId', table: 'tenants' }],
    });
    await widenText(runner, 'memberships', column.text('role', 40));
    await widenText(runner, 'invitations', column.text('role', 40));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('tenant_roles', true);
  }
}
