import { type RefusedLine, type UserImport as UserImportMessage, UserImportState } from '@libs/grpc';
import type { FieldError } from '@libs/errors';

import type { RefusedRow } from './refused-row.entity.js';
import type { ImportState, UserImport } from './user-import.entity.js';
import type { ImportReport } from './user-imports.service.js';

export interface UserImportView {
  readonly id: string;
  readonly state: ImportState;
  /** Lines of the table without its header. */
  readonly rows: number;
  /** So far. */
  readonly created: number;
  readonly refused: number;
  readonly requestedBy: string;
  /** Why it has failed, or why it cannot go on for now. */
  readonly reason?: string | undefined;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly finishedAt?: string | undefined;
}

export interface ImportReportView extends UserImportView {
  /** The first of them. */
  readonly refusedLines: readonly {
    readonly line: number;
    readonly reason: string;
    readonly errors: readonly FieldError[];
  }[];
}

export const viewImport = (one: UserImport): UserImportView => ({
  id: one.id,
  state: one.state,
  rows: one.rows,
  created: one.created,
  refused: one.refused,
  requestedBy: one.requestedBy,
  reason: one.reason ?? undefined,
  createdAt: one.createdAt.toISOString(),
  updatedAt: one.updatedAt.toISOString(),
  finishedAt: one.finishedAt?.toISOString(),
});

export const viewReport = ({ import: one, refusedRows }: ImportReport): ImportReportView => ({
  ...viewImport(one),
  refusedLines: refusedRows.map(({ line, reason, errors }) => ({ line, reason, errors })),
});

const states: Record<ImportState, UserImportState> = {
  receiving: UserImportState.RECEIVING,
  queued: UserImportState.QUEUED,
  running: UserImportState.RUNNING,
  done: UserImportState.DONE,
  failed: UserImportState.FAILED,
};

export const importMessage = (one: UserImport): UserImportMessage => ({
  id: one.id,
  state: states[one.state],
  rows: one.rows,
  created: one.created,
  refused: one.refused,
  requestedBy: one.requestedBy,
  reason: one.reason ?? '',
  createTime: one.createdAt,
  updateTime: one.updatedAt,
  finishTime: one.finishedAt ?? undefined,
});

export const refusedLineMessage = ({ line, reason, errors }: RefusedRow): RefusedLine => ({
  line,
  reason,
  fields: errors.map(({ field }) => field),
});
