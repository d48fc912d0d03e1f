import { Injectable } from '@nestjs/common';

import { Audit } from '@libs/audit';
import { Holds } from '@libs/deletion-log';
import { type ErrorCode, Refusal } from '@libs/errors';
import { type Counts, Database, type ExpectedVersion, isExpected, newId, type Page } from '@libs/persistence';
import { refuseBeyond, TenantQuotas } from '@libs/quotas';
import type { Identity } from '@libs/trusted-headers';

import { Clock } from '../time/clock.js';
import { MoveRunner } from '../lifecycle/move-runner.js';
import { type ProjectAccess, ProjectAccessReader } from '../projects/project-access.js';
import { ReadableProjects } from './readable-projects.js';
import { instanceListing } from './instance-listing.js';
import { type InstanceCommand, type InstanceStatus, statusAfter } from '../instances/instance-status.js';
import type { Instance } from '../instances/instance.entity.js';
import type { CreateInstance, ListInstances } from './instance.schema.js';
import { InstancesRepository } from '../instances/instances.repository.js';

/** Each call first asks project-service what the caller may do with the project; without an answer nothing is done. */
@Injectable()
export class InstancesService {
  constructor(
    private readonly database: Database,
    private readonly instances: InstancesRepository,
    private readonly access: ProjectAccessReader,
    private readonly readable: ReadableProjects,
    private readonly moves: MoveRunner,
    private readonly clock: Clock,
    private readonly holds: Holds,
    private readonly audit: Audit,
    private readonly quotas: TenantQuotas,
  ) {}

  async list({ tenantId }: Identity, { projectId, ...query }: ListInstances): Promise<Page<Instance>> {
    if (projectId !== undefined) await this.requireRead(projectId);
    const projectIds = projectId === undefined ? await this.readable.withInstances(tenantId) : [projectId];
    const [instances, narrowing] = this.instances.ofProjects(tenantId, projectIds);
    return instanceListing.page(instances, query, narrowing);
  }

  async get({ tenantId }: Identity, id: string): Promise<Instance> {
    const instance = await this.instances.get(tenantId, id);
    await this.requireRead(instance.projectId);
    return instance;
  }

  async create(identity: Identity, fields: CreateInstance): Promise<Instance> {
    refuseArchived(await this.requireWrite(fields.projectId));
    const most = await this.quotas.most(identity.tenantId, 'maxInstances');
    const now = this.clock.now();
    return this.database.transaction(async () => {
      await this.holds.hold(identity.tenantId);
      await this.holds.hold(fields.projectId);
      await refuseBeyond(most, 'instances', (enough) => this.instances.countUpTo(identity.tenantId, enough));
      this.moves.runAfterCommit();
      const instance = await this.instances.insert({
        id: newId(),
        tenantId: identity.tenantId,
        creatorId: identity.userId,
        ...fields,
        status: 'provisioning',
        statusReason: '',
        statusSince: now,
        driveAt: now,
        driveFailures: 0,
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

  count({ tenantId }: Identity): Promise<Counts<InstanceStatus>> {
    return this.instances.countByStatus(tenantId);
  }

  private async command(
    { tenantId }: Identity,
    id: string,
    command: InstanceCommand,
    expectedVersion: ExpectedVersion | undefined,
  ): Promise<Instance> {
    const { projectId } = await this.instances.get(tenantId, id);
    const access = await this.requireWrite(projectId);
    if (command === 'start') refuseArchived(access);

    return this.database.transaction(async () => {
      this.moves.runAfterCommit();
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
    const now = this.clock.now();
    const moved = await this.instances.update(tenantId, id, version, {
      status: statusAfter(command, status),
      statusReason: '',
      statusSince: now,
      driveAt: now,
      driveFailures: 0,
    });
    await this.audit.record({ action: `instance.${done[command]}`, target: id });
    return moved;
  }

  private async requireRead(projectId: string): Promise<ProjectAccess> {
    const access = await this.access.read(projectId);
    if (!access.canRead) throw new Refusal('RESOURCE_NOT_FOUND');
    return access;
  }

  private async requireWrite(projectId: string): Promise<ProjectAccess> {
    const access = await this.requireRead(projectId);
    if (!access.canWrite) throw new Refusal('ACCESS_DENIED');
    return access;
  }
}

function refuseArchived({ isArchived }: ProjectAccess): void {
  if (isArchived) throw new Refusal('RESOURCE_ARCHIVED');
}

const done: Readonly<Record<InstanceCommand, string>> = { start: 'started', stop: 'stopped', delete: 'deleted' };

const isRefusal = (error: unknown, code: ErrorCode): boolean => error instanceof Refusal && error.code === code;
