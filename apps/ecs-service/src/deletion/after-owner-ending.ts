import { Injectable } from '@nestjs/common';
import type { FindOptionsWhere } from 'typeorm';

import { Audit } from '@libs/audit';
import { AfterEnding, type Ending, Holds } from '@libs/deletion-log';
import { type Piece, rowsOfPiece } from '@libs/persistence';

import type { Instance } from '../instances/instance.entity.js';
import { InstancesRepository } from '../instances/instances.repository.js';
import { MoveRunner } from '../lifecycle/move-runner.js';

/** The instances of a project or a tenant that has ended are deleted, as if their owner had asked for it. */
@Injectable()
export class AfterOwnerEnding extends AfterEnding {
  constructor(
    private readonly instances: InstancesRepository,
    private readonly holds: Holds,
    private readonly moves: MoveRunner,
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
    const begun = this.moves.begin('deleting');
    const { found, changed } = await this.instances.beginToDeleteSomeOf(tenantId, where, begun);
    if (changed > 0) {
      await this.audit.record({ action: 'instances.deleted', target: ended, tenantId, details: { count: changed } });
    }
    return found === rowsOfPiece ? 'more' : 'done';
  }
}
