import { Entity, type MigrationInterface, type QueryRunner } from 'typeorm';

import {
  BooleanColumn,
  column,
  createTable,
  DeletedAtColumn,
  type Draft,
  IntegerColumn,
  JsonColumn,
  LongTextColumn,
  newId,
  TenantRecord,
  TextColumn,
  TimeColumn,
} from '@libs/persistence';

/** An entity with one column of every kind. */
@Entity('notes')
export class Note extends TenantRecord {
  /** As an entity may say that has rows to find across tenants. */
  static readonly alsoFoundBy = { id: 'suites find what they made', name: 'suites find it by what they called it' };

  @TextColumn(100)
  name!: string;

  @TextColumn(20)
  status!: 'open' | 'done';

  @IntegerColumn()
  stars!: number;

  @BooleanColumn()
  pinned!: boolean;

  @LongTextColumn({ nullable: true })
  text!: string | null;

  @JsonColumn({ nullable: true })
  tags!: unknown;

  @TimeColumn({ nullable: true })
  readAt!: Date | null;

  @DeletedAtColumn()
  deletedAt!: Date | null;
}

class Notes1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'notes', {
      columns: [
        ...column.versioned(),
        column.reference('tenantId'),
        column.text('name', 100),
        column.text('status', 20),
        column.integer('stars'),
        column.boolean('pinned'),
        column.longText('text', { nullable: true }),
        column.json('tags', { nullable: true }),
        column.time('readAt', { nullable: true }),
        column.deletedAt(),
      ],
      unique: [['tenantId', 'name']],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('notes');
  }
}

export const noteTables = { entities: [Note], migrations: [Notes1700000000001] };

export const aNote = (fields: Partial<Draft<Note>> = {}): Draft<Note> => ({
  id: newId(),
  tenantId: 'tenant-1',
  name: `note ${newId()}`,
  status: 'open',
  stars: 0,
  pinned: false,
  text: null,
  tags: null,
  readAt: null,
  ...fields,
});
