import { Entity } from 'typeorm';

import { IntegerColumn, JsonColumn, ReferenceColumn, TextColumn, TimeColumn, VersionedRecord } from '@libs/persistence';
import type { RequestContext } from '@libs/trusted-headers';

export const importStates = ['receiving', 'queued', 'running', 'done', 'failed'] as const;
export type ImportState = (typeof importStates)[number];

/** Who sent the table, and in which request: what the import does is theirs. */
export type Requester = Pick<RequestContext, 'identity' | 'requestId' | 'traceId'> & {
  readonly clientAddress: string;
};

/** A table of users that was taken in, and how far its import has come: `created` and `refused` rows of it are done. */
@Entity('user_imports')
export class UserImport extends VersionedRecord {
  @TextColumn(16)
  state!: ImportState;

  @TextColumn(128)
  requestedBy!: string;

  @JsonColumn()
  requester!: Requester;

  /** Lines of the table without its header; while it is received, those that are here. */
  @IntegerColumn()
  rows!: number;

  @IntegerColumn()
  created!: number;

  @IntegerColumn()
  refused!: number;

  /** The user of the next row, who is made and whose password is not there yet. */
  @ReferenceColumn({ nullable: true })
  pendingUserId!: string | null;

  /** The code of what keeps it from going on, or made it fail. */
  @TextColumn(64, { nullable: true })
  reason!: string | null;

  /** Until then one process works on it, or nobody should. */
  @TimeColumn()
  leaseUntil!: Date;

  /** When a row of it was last done. */
  @TimeColumn()
  movedAt!: Date;

  @TimeColumn({ nullable: true })
  finishedAt!: Date | null;
}
