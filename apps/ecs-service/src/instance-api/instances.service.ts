import { Injectable } from '@nestjs/common';

import { Audit } from '@libs/audit';
import { type ErrorCode, Refusal } from '@libs/errors';
import { Database, type ExpectedVersion, isExpected, newId } from '@libs/persistence';
import type { Identity } from '@libs/trusted-headers';

import { type InstanceCommand, statusAfter } from '../instances/instance-status.js';
import type { Instance } from '../instances/instance.entity.js';
import { InstancesRepository } from '../instances/instances.repository.js';
import { MoveRunner } from '../lifecycle/move-runner.js';
import { ProjectGate } from '../projects/project-gate.js';
import { InstanceQuota } from './instance-quota.js';
import type { CreateInstance } from './instance.schema.js';

/** Each call first asks what the caller may do with the project. */
@Injectable()
export class InstancesService {
  constructor(
    private readonly database: Database,
    private readonly instances: InstancesRepository,
    private readonly gate: ProjectGate,
    private readonly quota: InstanceQuota,
    private readonly moves: MoveRunner,
    private readonly audit: Audit,
  ) {}

  async create(identity: Identity, fields: CreateInstance): Promise<Instance> {
    const { tenantId } = identity;
    await this.gate.requireWriteToLiving(fields.projectId);
    const most = await this.quota.most(tenantId);
    return this.database.transaction(async () => {
      await this.quota.refuseBeyond(most, tenantId, fields.projectId);
      const instance = await this.instances.insert({
        id: newId(),
        tenantId,
        creatorId: identity.userId,
        ...fields,
        ...this.moves.begin('provisioning'),
        deletedAt: null,
      });
      const { id, projectId, name } = instance;
      await this.audit.record({ action: 'instance.created', target: id, details: { projectId, name } });
      return instance;
    });
  }

  async start(identity: Identity, id: string, expectedVersion: ExpectedVersion | undefined): Promise<Instance> {
    return this.command(identity, id, 'start', expectedVersion);
  }

  async stop(identity: Identity, id: string, expectedVersion: ExpectedVersion | undefined): Promise<Instance> {
    return this.command(identity, id, 'stop', expectedVersion);
  }

  /** Waits for the driver's first answer, so that what can be deleted at once is gone at once. */
  async delete(identity: Identity, id: string, expectedVersion: ExpectedVersion | undefined): Promise<void> {
    await this.command(identity, id, 'delete', expectedVersion);
    await this.moves.runNow(id);
  }

  private async command(
    { tenantId }: Identity,
    id: string,
    command: InstanceCommand,
    expectedVersion: ExpectedVersion | undefined,
  ): Promise<Instance> {
    const { projectId } = await this.instances.get(tenantId, id);
    if (command === 'start') await this.gate.requireWriteToLiving(projectId);
    else await this.gate.requireWrite(projectId);

    return this.database.transaction(async () => {
      // A try without If-Match fails only when somebody else's has just succeeded, so this comes to an end.
      for (;;) {
        try {
          return await this.move(tenantId, id, command, expectedVersion);
        } catch (error) {
          const isAny = expectedVersion === undefined || expectedVersion === 'any';
          if (!isAny || !isRefusal(error, 'RESOURCE_CHANGED')) throw error;
        }
      }
    });
  }

  private async move(
    tenantId: string,
    id: string,
    command: InstanceCommand,
    expectedVersion: ExpectedVersion | undefined,
  ): Promise<Instance> {
    const { version, status } = await this.instances.get(tenantId, id);
    if (!isExpected(expectedVersion, version)) throw new Refusal('RESOURCE_CHANGED');
    const begun = this.moves.begin(statusAfter(command, status));
    const moved = await this.instances.update(tenantId, id, version, begun);
    await this.audit.record({ action: `instance.${done[command]}`, target: id });
    return moved;
  }
}

const done: Readonly<Record<InstanceCommand, string>> = { start: 'started', stop: 'stopped', delete: 'deleted' };

const isRefusal = (error: unknown, code: ErrorCode): boolean => error instanceof Refusal && error.code === code;
