import { Injectable } from '@nestjs/common';
import { type FindOptionsWhere, In, IsNull } from 'typeorm';

import { Audit } from '@libs/audit';
import { AfterEnding, type Ending, Holds } from '@libs/deletion-log';
import { Database, type Piece, rowsOfPiece, updatePiece } from '@libs/persistence';

import { Instance } from '../instances/instance.entity.js';
import { instanceStatuses } from '../instances/instance-status.js';
import { Clock } from '../time/clock.js';
import { MoveRunner } from '../lifecycle/move-runner.js';

/** By name, so that an index finds them among all that a tenant ever had. */
const statusesToDelete = instanceStatuses.filter((status) => status !== 'deleting');

/** The instances of a project or a tenant that has ended are deleted, as if their owner had asked for it. */
@Injectable()
export class AfterOwnerEnding extends AfterEnding {
  constructor(
    private readonly database: Database,
    private readonly holds: Holds,
    private readonly moves: MoveRunner,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {
    super();
  }

  override async apply({ kind, subjectId, tenantId }: Ending): Promise<Piece> {
    if (kind === 'tenant') return this.deletePiece(subjectId, subjectId, {});
    if (kind === 'project') return this.deletePiece(subjectId, tenantId, { projectId: subjectId });
    return 'done';
  }

  /** The hold keeps out an instance that is being made at this moment. */
  private async deletePiece(ended: string, tenantId: string, where: FindOptionsWhere<Instance>): Promise<Piece> {
    await this.holds.end(ended);
    const now = this.clock.now();
    const { found, changed } = await updatePiece(
      this.database.manager,
      Instance,
      { ...where, tenantId, status: In(statusesToDelete), deletedAt: IsNull() },
      {
        status: 'deleting',
        statusReason: '',
        statusSince: now,
        driveAt: now,
        driveFailures: 0,
        updatedAt: now,
        version: () => 'version + 1',
      },
    );
    this.moves.runAfterCommit();
    if (changed > 0) {
      await this.audit.record({ action: 'instances.deleted', target: ended, tenantId, details: { count: changed } });
    }
    return found === rowsOfPiece ? 'more' : 'done';
  }
}
