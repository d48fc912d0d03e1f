import {
  type DeepPartial,
  type EntityTarget,
  type FindOptionsWhere,
  IsNull,
  type ObjectLiteral,
  type QueryDeepPartialEntity,
  type SelectQueryBuilder,
} from 'typeorm';

import { Refusal } from '@libs/errors';

import type { VersionedRecord } from '../columns/records.js';
import type { Database } from '../database/database.js';
import { type ExpectedVersion, whereVersion } from './expected-version.js';
import type { Draft, Patch } from './record-edits.js';

/** Reads and edits the rows of one entity by any condition; the repositories decide which conditions are asked for. */
export class RecordTable<E extends VersionedRecord> {
  constructor(
    private readonly database: Database,
    private readonly entity: EntityTarget<E>,
  ) {}

  find(where: FindOptionsWhere<E>): Promise<E[]> {
    return this.database.manager.findBy(this.entity, where);
  }

  async findOne(where: FindOptionsWhere<E>): Promise<E | undefined> {
    return (await this.database.manager.findOneBy(this.entity, where)) ?? undefined;
  }

  async get(where: FindOptionsWhere<E>): Promise<E> {
    const found = await this.findOne(where);
    if (found === undefined) throw new Refusal('RESOURCE_NOT_FOUND');
    return found;
  }

  count(where: FindOptionsWhere<E>): Promise<number> {
    return this.database.manager.countBy(this.entity, where);
  }

  async delete(where: FindOptionsWhere<E>): Promise<number> {
    return (await this.database.manager.delete(this.entity, where)).affected ?? 0;
  }

  query(alias: string): SelectQueryBuilder<E> {
    return this.database.manager.createQueryBuilder(this.entity, alias);
  }

  async insert(draft: Draft<E>): Promise<E> {
    const { manager } = this.database;
    const now = new Date();
    const fields: ObjectLiteral = { version: 1, createdAt: now, updatedAt: now, ...defined(draft) };
    const row = manager.create(this.entity, fields as DeepPartial<E>);
    await manager
      .createQueryBuilder()
      .insert()
      .into(this.entity)
      .values(row as QueryDeepPartialEntity<E>)
      .updateEntity(false)
      .execute();
    return row;
  }

  async update(where: FindOptionsWhere<E>, expectedVersion: ExpectedVersion | undefined, patch: Patch<E>): Promise<E> {
    const { manager } = this.database;
    const change: ObjectLiteral = { ...defined(patch), updatedAt: new Date(), version: () => 'version + 1' };
    const seen = whereVersion(expectedVersion);
    const { affected } = await manager
      .createQueryBuilder()
      .update(this.entity)
      .set(change as QueryDeepPartialEntity<E>)
      .where({ ...where, ...seen, ...this.notDeleted() })
      .updateEntity(false)
      .execute();
    if (affected === 1) return manager.findOneOrFail(this.entity, { where, withDeleted: true });
    throw new Refusal((await this.findOne(where)) === undefined ? 'RESOURCE_NOT_FOUND' : 'RESOURCE_CHANGED');
  }

  private notDeleted(): ObjectLiteral {
    const { deleteDateColumn } = this.database.manager.dataSource.getMetadata(this.entity);
    return deleteDateColumn === undefined ? {} : { [deleteDateColumn.propertyName]: IsNull() };
  }
}

const defined = (fields: object): ObjectLiteral =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
