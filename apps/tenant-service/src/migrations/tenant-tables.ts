import type { MigrationInterface, QueryRunner } from 'typeorm';

import { column, createTable } from '@libs/persistence';

export class TenantTables1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'tenants', {
      columns: [
        ...column.versioned(),
        column.text('name', 120),
        column.text('status', 16),
        column.integer('membersRevision'),
      ],
    });
    await createTable(runner, 'sys_user', {
      columns: [
        ...column.versioned(),
        column.text('username', 64),
        column.text('usernameKey', 64),
        column.text('email', 254),
        column.text('emailKey', 254),
        column.text('displayName', 120),
        column.text('status', 16),
        column.json('platformRoles'),
        column.reference('defaultTenantId', { nullable: true }),
        column.deletedAt(),
      ],
      unique: [['usernameKey'], ['emailKey']],
      index: [['createdAt', 'id']],
      references: [{ column: 'defaultTenantId', table: 'tenants' }],
    });
    await createTable(runner, 'memberships', {
      columns: [
        ...column.versioned(),
        column.reference('tenantId'),
        column.reference('userId'),
        column.text('role', 16),
      ],
      unique: [['tenantId', 'userId']],
      index: [['userId']],
      references: [
        { column: 'tenantId', table: 'tenants' },
        { column: 'userId', table: 'sys_user' },
      ],
    });
    await createTable(runner, 'invitations', {
      columns: [
        ...column.versioned(),
        column.reference('tenantId'),
        column.reference('userId'),
        column.reference('pendingUserId', { nullable: true }),
        column.reference('invitedById'),
        column.text('role', 16),
        column.text('status', 16),
      ],
      unique: [['tenantId', 'pendingUserId']],
      index: [['userId']],
      references: [
        { column: 'tenantId', table: 'tenants' },
        { column: 'userId', table: 'sys_user' },
      ],
    });
    await createTable(runner, 'tenant_configs', {
      columns: [
        ...column.versioned(),
        column.reference('tenantId'),
        column.text('configKey', 128),
        column.longText('valueJson'),
      ],
      unique: [['tenantId', 'configKey']],
      references: [{ column: 'tenantId', table: 'tenants' }],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['tenant_configs', 'invitations', 'memberships', 'sys_user', 'tenants']) {
      await runner.dropTable(table, true);
    }
  }
}
