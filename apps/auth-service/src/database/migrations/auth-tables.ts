import type { MigrationInterface, QueryRunner } from 'typeorm';

import { column, createTable } from '@libs/persistence';

export class AuthTables1700000001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'credentials', {
      columns: [column.id(), column.text('passwordHash', 255), column.createdAt(), column.updatedAt()],
    });
    await createTable(runner, 'sessions', {
      columns: [
        column.id(),
        column.reference('userId'),
        column.reference('tenantId', { nullable: true }),
        column.json('amr'),
        column.text('userAgent', 255),
        column.text('clientAddress', 45),
        column.createdAt(),
        column.time('lastUsedAt'),
        column.time('expiresAt'),
        column.time('endedAt', { nullable: true }),
        column.text('endReason', 30, { nullable: true }),
      ],
      index: [['userId', 'createdAt'], ['expiresAt']],
    });
    await createTable(runner, 'refresh_tokens', {
      columns: [
        column.id(),
        column.reference('sessionId'),
        column.text('tokenHash', 43),
        column.createdAt(),
        column.time('usedAt', { nullable: true }),
      ],
      unique: [['tokenHash']],
      index: [['sessionId']],
    });
    await createTable(runner, 'signing_keys', {
      columns: [
        column.id(),
        column.integer('generation'),
        column.text('algorithm', 10),
        column.json('publicJwk'),
        column.longText('sealedPrivateKey'),
        column.createdAt(),
        column.time('signsFrom'),
        column.time('publishedUntil', { nullable: true }),
      ],
      unique: [['generation']],
    });
    await createTable(runner, 'api_keys', {
      columns: [
        ...column.versioned(),
        column.reference('tenantId'),
        column.reference('userId'),
        column.text('name', 100),
        column.json('scopes'),
        column.text('hint', 40),
        column.text('keyHash', 43),
        column.time('expiresAt', { nullable: true }),
        column.time('revokedAt', { nullable: true }),
      ],
      index: [['userId', 'tenantId', 'createdAt']],
    });
    await createTable(runner, 'registrations', {
      columns: [
        column.id(),
        column.reference('userId'),
        column.reference('tenantId'),
        column.text('username', 50),
        column.text('email', 254),
        column.text('displayName', 100),
        column.text('tenantName', 100),
        column.json('platformRoles'),
        column.text('passwordHash', 255),
        column.text('state', 10),
        column.integer('attempts'),
        column.time('nextAttemptAt'),
        column.createdAt(),
      ],
      unique: [['username'], ['email']],
      index: [['state', 'nextAttemptAt']],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['registrations', 'api_keys', 'signing_keys', 'refresh_tokens', 'sessions', 'credentials']) {
      await runner.dropTable(table, true);
    }
  }
}
