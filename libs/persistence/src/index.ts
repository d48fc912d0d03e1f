export {
  BooleanColumn,
  type ColumnChoice,
  DeletedAtColumn,
  IdColumn,
  IntegerColumn,
  JsonColumn,
  LongTextColumn,
  ReferenceColumn,
  TextColumn,
  TimeColumn,
} from './columns/entity-columns.js';
export { TenantRecord, VersionedRecord } from './columns/records.js';
export { isUnavailable, isUniqueViolation } from './database/database-errors.js';
export { DatabaseUnavailable } from './database/database-unavailable.js';
export { Database } from './database/database.js';
export { asLongRead } from './database/long-reads.js';
export { databasePools } from './database/mysql-pool.js';
export { openDatabase } from './database/open-database.js';
export { openWhenThere } from './database/open-when-there.js';
export { DatabaseHealth, storageFaults } from './health/database-health.js';
export { readIdempotencyKey } from './idempotency/idempotency-key.js';
export { IdempotencyStore } from './idempotency/idempotency-store.js';
export { Idempotency, type IdempotencyMode, idempotencyModeOf } from './idempotency/idempotency.decorator.js';
export { IdempotencyInterceptor } from './idempotency/idempotency.interceptor.js';
export { IdempotentRun } from './idempotency/idempotent-run.js';
export type { KeptAnswer } from './idempotency/kept-answer.js';
export { StreamedBody } from './idempotency/streamed-body.js';
export { newId } from './ids/new-id.js';
export { canonicalJson } from './json/canonical-json.js';
export { type Count, countBy, type Counts, countUpTo } from './listing/count-rows.js';
export type { Filterable, FilterKind, ListingOptions, Many, Narrowing } from './listing/list-fields.js';
export { ListQuery } from './listing/list-query.js';
export { hasMoreThan } from './listing/listed-rows.js';
export { Listing, type Page, type PageRequest } from './listing/listing.js';
export { pageOf } from './listing/page-of.js';
export { rowsOfReach } from './listing/reach.js';
export { PersistenceTables1700000000000 } from './migrations/persistence-tables.js';
export { persistenceOptions } from './options/persistence-options.token.js';
export type { PersistenceOptions } from './options/persistence.options.js';
export { OutboxRelay } from './outbox/outbox-relay.js';
export { Outbox } from './outbox/outbox.js';
export { persistenceEntities, persistenceMigrations, PersistenceModule } from './persistence.module.js';
export { deleteInPieces, deletePiece, inPieces, type Piece, rowsOfPiece, updatePiece } from './pieces/pieces.js';
export {
  agreedVersion,
  type ExpectedVersion,
  isExpected,
  isExpectedNew,
  whereVersion,
} from './repository/expected-version.js';
export type { Draft, Patch } from './repository/record-edits.js';
export { TenantRepository } from './repository/tenant-repository.js';
export { VersionedRepository } from './repository/versioned-repository.js';
export { addColumns } from './schema/add-columns.js';
export { addIndex } from './schema/add-index.js';
export { column } from './schema/column.js';
export { createTable, type TableShape } from './schema/create-table.js';
export { widenText } from './schema/widen-text.js';
export { SealAtRest } from './sealing/seal-at-rest.js';
