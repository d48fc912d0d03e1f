import type { MigrationInterface, QueryRunner } from 'typeorm';

import { addIndex } from '@libs/persistence';

/** Each order of the lists that may be long has an index. */
export class WalkedLists1700000010000 implements MigrationInterface {
  readonly name = 'WalkedLists1700000010000';

  async up(runner: QueryRunner): Promise<void> {
    await addIndex(runner, 'sys_user', ['deletedAt', 'username', 'id']);
    await addIndex(runner, 'sys_user', ['deletedAt', 'email', 'id']);
    await addIndex(runner, 'sys_user', ['deletedAt', 'createdAt', 'id']);
    await addIndex(runner, 'sys_user', ['deletedAt', 'updatedAt', 'id']);
    await addIndex(runner, 'memberships', ['tenantId', 'role', 'id']);
    await addIndex(runner, 'memberships', ['tenantId', 'createdAt', 'id']);
    await addIndex(runner, 'memberships', ['tenantId', 'updatedAt', 'id']);
    await addIndex(runner, 'invitations', ['tenantId', 'createdAt', 'id']);
    await addIndex(runner, 'invitations', ['tenantId', 'updatedAt', 'id']);
    await addIndex(runner, 'mail_invitations', ['tenantId', 'email', 'id']);
    await addIndex(runner, 'mail_invitations', ['tenantId', 'createdAt', 'id']);
    await addIndex(runner, 'mail_invitations', ['tenantId', 'expiresAt', 'id']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('sys_user', 'ix_sys_user_deletedAt_username_id');
    await runner.dropIndex('sys_user', 'ix_sys_user_deletedAt_email_id');
    await runner.dropIndex('sys_user', 'ix_sys_user_deletedAt_createdAt_id');
    await runner.dropIndex('sys_user', 'ix_sys_user_deletedAt_updatedAt_id');
    await runner.dropIndex('memberships', 'ix_memberships_tenantId_role_id');
    await runner.dropIndex('memberships', 'ix_memberships_tenantId_createdAt_id');
    await runner.dropIndex('memberships', 'ix_memberships_tenantId_updatedAt_id');
    await runner.dropIndex('invitations', 'ix_invitations_tenantId_createdAt_id');
    await runner.dropIndex('invitations', 'ix_invitations_tenantId_updatedAt_id');
    await runner.dropIndex('mail_invitations', 'ix_mail_invitations_tenantId_email_id');
    await runner.dropIndex('mail_invitations', 'ix_mail_invitations_tenantId_createdAt_id');
    await runner.dropIndex('mail_invitations', 'ix_mail_invitations_tenantId_expiresAt_id');
  }
}
