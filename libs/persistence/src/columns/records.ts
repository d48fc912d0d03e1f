import { IdColumn, IntegerColumn, ReferenceColumn, TimeColumn } from './entity-columns.js';

/** What every row that is edited has. The repositories look after all but `id`. */
export abstract class VersionedRecord {
  @IdColumn()
  id!: string;

  /** Counts the edits from 1; the ETag of the resource is made from it. */
  @IntegerColumn()
  version!: number;

  @TimeColumn()
  createdAt!: Date;

  @TimeColumn()
  updatedAt!: Date;
}

/** A row that belongs to a tenant and is never seen without naming that tenant. */
export abstract class TenantRecord extends VersionedRecord {
  @ReferenceColumn()
  tenantId!: string;
}
