import { Injectable } from '@nestjs/common';
import { type FindOptionsWhere, In, IsNull, LessThanOrEqual, Not } from 'typeorm';

import { Audit } from '@libs/audit';
import { Refusal } from '@libs/errors';
import { Database } from '@libs/persistence';
import { runOutsideContext } from '@libs/trusted-headers';

import { movingStatuses } from './instance-status.js';
import { Instance } from './instance.entity.js';
import { InstancesRepository } from './instances.repository.js';

const unfinished = { status: In([...movingStatuses]) };

export interface Claim {
  readonly now: Date;
  /** If whoever claimed it dies, a move is due again at this time. */
  readonly until: Date;
}

/** The moves of all tenants that are under way. A move is claimed, so that of several processes one drives it. */
@Injectable()
export class MovesRepository {
  constructor(
    private readonly database: Database,
    private readonly instances: InstancesRepository,
    private readonly audit: Audit,
  ) {}

  claimDue(claim: Claim, limit: number): Promise<Instance[]> {
    return this.claim(unfinished, claim, limit);
  }

  async claimOne(id: string, claim: Claim): Promise<Instance | undefined> {
    const [instance] = await this.claim({ ...unfinished, id }, claim, 1);
    return instance;
  }

  async nextDueAt(): Promise<Date | null> {
    const due = { ...unfinished, driveAt: Not(IsNull()) };
    const next = { where: due, order: { driveAt: 'ASC' }, take: 1 } as const;
    const [instance] = await this.database.manager.find(Instance, next);
    return instance?.driveAt ?? null;
  }

  /** Has the driver asked again at that time, unless something else is wanted of the instance by now. */
  async postpone({ id, version }: Instance, driveAt: Date, driveFailures: number): Promise<void> {
    await this.database.transaction((manager) => manager.update(Instance, { id, version }, { driveAt, driveFailures }));
  }

  /** Ends the move, unless something else is wanted of the instance by now. */
  async end(instance: Instance, outcome: Partial<Instance>): Promise<void> {
    const { tenantId, id, version } = instance;
    const patch = { ...outcome, driveAt: null, driveFailures: 0 };
    try {
      await this.database.transaction(async () => {
        await this.instances.update(tenantId, id, version, patch);
        await this.record(instance, outcome);
      });
    } catch (error) {
      if (!(error instanceof Refusal && ['RESOURCE_CHANGED', 'RESOURCE_NOT_FOUND'].includes(error.code))) throw error;
    }
  }

  /** A move that a request has woken is no act of whoever sent it. */
  private record({ tenantId, id, status: from }: Instance, { status: to, statusReason }: Partial<Instance>) {
    const reason = statusReason === undefined ? {} : { reason: statusReason };
    const action = to === 'failed' ? 'instance.failed' : 'instance.moved';
    const details = { from, to: to ?? 'gone', ...reason };
    return runOutsideContext(() => this.audit.record({ action, target: id, tenantId, actorId: 'system', details }));
  }

  /** The version stays as it is: nothing changes that a client could see. */
  private async claim(where: FindOptionsWhere<Instance>, { now, until }: Claim, limit: number): Promise<Instance[]> {
    const isDue = { driveAt: LessThanOrEqual(now) };
    const found = { where: { ...where, ...isDue }, order: { driveAt: 'ASC' }, take: limit } as const;
    if ((await this.database.manager.find(Instance, found)).length === 0) return [];

    return this.database.transaction(async (manager) => {
      const claimed: Instance[] = [];
      for (const instance of await manager.find(Instance, found)) {
        const { id, version } = instance;
        const { affected } = await manager.update(Instance, { id, version, ...isDue }, { driveAt: until });
        if (affected === 1) claimed.push(instance);
      }
      return claimed;
    });
  }
}
