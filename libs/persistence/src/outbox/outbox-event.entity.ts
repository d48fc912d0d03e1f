import { Entity } from 'typeorm';

import { IdColumn, JsonColumn, TextColumn, TimeColumn } from '../columns/entity-columns.js';

/** An event that was decided on together with the rows that it tells about, and may not be published yet. */
@Entity('outbox')
export class OutboxEvent {
  @IdColumn()
  id!: string;

  @TextColumn(100)
  topic!: string;

  /** The id of what changed. */
  @TextColumn(100)
  subject!: string;

  @JsonColumn()
  payload!: unknown;

  @TimeColumn()
  createdAt!: Date;
}
