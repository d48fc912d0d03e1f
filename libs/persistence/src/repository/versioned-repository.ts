import type { EntityTarget, FindOptionsWhere, SelectQueryBuilder } from 'typeorm';

import type { VersionedRecord } from '../columns/records.js';
import type { Database } from '../database/database.js';
import type { ExpectedVersion } from './expected-version.js';
import type { Draft, Patch } from './record-edits.js';
import { RecordTable } from './record-table.js';

/** The rows of an entity that belongs to no tenant. Edits are guarded by the row's version. */
export class VersionedRepository<E extends VersionedRecord> {
  private readonly rows: RecordTable<E>;

  constructor(database: Database, entity: EntityTarget<E>) {
    this.rows = new RecordTable(database, entity);
  }

  get(id: string): Promise<E> {
    return this.rows.get(byId<E>(id));
  }

  findOne(where: FindOptionsWhere<E>): Promise<E | undefined> {
    return this.rows.findOne(where);
  }

  find(where: FindOptionsWhere<E> = {}): Promise<E[]> {
    return this.rows.find(where);
  }

  count(where: FindOptionsWhere<E> = {}): Promise<number> {
    return this.rows.count(where);
  }

  query(alias: string): SelectQueryBuilder<E> {
    return this.rows.query(alias);
  }

  /** Adds a row. If a value that must be unique is taken, `isUniqueViolation` knows the error. */
  insert(draft: Draft<E>): Promise<E> {
    return this.rows.insert(draft);
  }

  /**
   * Changes the row if it still has the expected version; undefined expects none in particular. It is refused with
   * RESOURCE_CHANGED if there is a newer version and RESOURCE_NOT_FOUND if there is no such row.
   */
  update(id: string, expectedVersion: ExpectedVersion | undefined, patch: Patch<E>): Promise<E> {
    return this.rows.update(byId<E>(id), expectedVersion, patch);
  }
}

const byId = <E extends VersionedRecord>(id: string): FindOptionsWhere<E> => ({ id }) as FindOptionsWhere<E>;
