import type { EntityTarget, FindOptionsWhere, SelectQueryBuilder } from 'typeorm';

import type { TenantRecord } from '../columns/records.js';
import type { Database } from '../database/database.js';
import { type Count, countUpTo } from '../listing/count-rows.js';
import type { ExpectedVersion } from './expected-version.js';
import type { Draft, Patch } from './record-edits.js';
import { RecordTable } from './record-table.js';

/**
 * The rows of an entity that belongs to tenants. Every call names the tenant, and an empty one fails: TypeORM knows no
 * tenants, so a query that forgot its own would show everybody's rows.
 */
export class TenantRepository<E extends TenantRecord> {
  private readonly rows: RecordTable<E>;

  constructor(
    private readonly database: Database,
    entity: EntityTarget<E>,
  ) {
    this.rows = new RecordTable(database, entity);
  }

  async get(tenantId: string, id: string): Promise<E> {
    return this.rows.get(ownedBy<E>(tenantId, { id }));
  }

  async findOne(tenantId: string, where: FindOptionsWhere<E>): Promise<E | undefined> {
    return this.rows.findOne(ownedBy(tenantId, where));
  }

  async find(tenantId: string, where: FindOptionsWhere<E> = {}): Promise<E[]> {
    return this.rows.find(ownedBy(tenantId, where));
  }

  async count(tenantId: string, where: FindOptionsWhere<E> = {}): Promise<number> {
    return this.rows.count(ownedBy(tenantId, where));
  }

  /** Counts no further than `most`, and tells whether there are more. */
  countUpTo(tenantId: string, most: number): Promise<Count> {
    return countUpTo(this.database.manager, this.query(tenantId, 'counted'), most);
  }

  /** A query that is limited to the tenant. Add to it with `andWhere`: `where` would lift the limit. */
  query(tenantId: string, alias: string): SelectQueryBuilder<E> {
    return this.rows.query(alias).where(`${alias}.tenantId = :ownerTenantId`, { ownerTenantId: named(tenantId) });
  }

  /** Adds a row. If a value that must be unique is taken, `isUniqueViolation` knows the error. */
  async insert(draft: Draft<E>): Promise<E> {
    named(draft.tenantId);
    return this.rows.insert(draft);
  }

  /**
   * Changes the row if it still has the expected version; undefined expects none in particular. It is refused with
   * RESOURCE_CHANGED if there is a newer version and RESOURCE_NOT_FOUND if the tenant has no such row.
   */
  async update(
    tenantId: string,
    id: string,
    expectedVersion: ExpectedVersion | undefined,
    patch: Patch<E>,
  ): Promise<E> {
    return this.rows.update(ownedBy<E>(tenantId, { id }), expectedVersion, patch);
  }

  /** Deletes for good; answers how many rows were still so. With a version among the conditions: whether it was the last. */
  async delete(tenantId: string, where: FindOptionsWhere<E>): Promise<number> {
    return this.rows.delete(ownedBy(tenantId, where));
  }
}

const ownedBy = <E extends TenantRecord>(tenantId: string, where: object): FindOptionsWhere<E> =>
  ({ ...where, tenantId: named(tenantId) }) as unknown as FindOptionsWhere<E>;

function named(tenantId: string): string {
  if (tenantId === '') throw new Error('The rows of a tenant were asked for without naming the tenant.');
  return tenantId;
}
