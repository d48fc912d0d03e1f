import type { MigrationInterface, QueryRunner } from 'typeorm';

import { addColumns, column, createTable, newId } from '@libs/persistence';

/** To begin with; operators change them as they like. */
const firstPlans = [
  { key: 'free', name: 'Free', quota: 600, projects: 10, members: 5, instances: 20 },
  { key: 'team', name: 'Team', quota: 6000, projects: 100, members: 50, instances: 500 },
  { key: 'enterprise', name: 'Enterprise', quota: null, projects: null, members: null, instances: null },
];

export class Plans1700000004000 implements MigrationInterface {
  readonly name = 'Plans1700000004000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'plans', {
      columns: [
        ...column.versioned(),
        column.text('planKey', 40),
        column.text('name', 120),
        column.integer('requestQuota', { nullable: true }),
        column.integer('requestWindowSeconds'),
        column.integer('maxProjects', { nullable: true }),
        column.integer('maxMembers', { nullable: true }),
        column.integer('maxInstances', { nullable: true }),
      ],
      unique: [['planKey']],
    });
    await addColumns(runner, 'tenants', [column.text('planKey', 40, { nullable: true })]);
    const now = new Date().toISOString().replace('T', ' ').replace('Z', '');
    for (const { key, name, quota, projects, members, instances } of firstPlans) {
      const there = (await runner.query('SELECT id FROM plans WHERE planKey = ?', [key])) as unknown[];
      if (there.length > 0) continue;
      await runner.query(
        `INSERT INTO plans (id, version, createdAt, updatedAt, planKey, name, requestQuota, requestWindowSeconds,
         maxProjects, maxMembers, maxInstances) VALUES (?, 1, ?, ?, ?, ?, ?, 60, ?, ?, ?)`,
        [newId(), now, now, key, name, quota, projects, members, instances],
      );
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE tenants DROP COLUMN planKey');
    await runner.dropTable('plans', true);
  }
}
