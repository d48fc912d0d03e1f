import { Injectable } from '@nestjs/common';
import { type FindOptionsWhere, Not } from 'typeorm';

import { Audit, Database, type Ending, Holds } from '@libs/persistence';
import { AfterEnding } from '@libs/service';

import { Instance } from '../instances/instance.entity.js';
import { Clock } from '../lifecycle/clock.js';
import { MoveRunner } from '../lifecycle/move-runner.js';

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

  override async apply({ kind, subjectId, tenantId }: Ending): Promise<void> {
    if (kind === 'tenant') await this.deleteAll(subjectId, subjectId, {});
    if (kind === 'project') await this.deleteAll(subjectId, tenantId, { projectId: subjectId });
  }

  /** The hold keeps out an instance that is being made at this moment. */
  private async deleteAll(ended: string, tenantId: string, where: FindOptionsWhere<Instance>): Promise<void> {
    await this.holds.end(ended);
    const now = this.clock.now();
    const { affected } = await this.database.manager.update(
      Instance,
      { ...where, tenantId, status: Not('deleting') },
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
    const count = affected ?? 0;
    if (count === 0) return;
    await this.audit.record({ action: 'instances.deleted', target: ended, tenantId, details: { count } });
  }
}
