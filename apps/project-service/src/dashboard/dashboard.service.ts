import { Inject, Injectable, Logger } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import {
  AccountServiceService,
  GrpcClients,
  InstanceServiceService,
  InstanceStatus,
  TenantServiceService,
} from '@libs/grpc';
import { checkAccess, type Identity } from '@libs/trusted-headers';

import { projectListing } from '../projects/project-listing.js';
import { viewProject } from '../projects/project-view.js';
import { ProjectsRepository } from '../projects/projects.repository.js';
import { viewTenant, viewUser } from './account-view.js';
import type { DashboardParts, DashboardView } from './dashboard.schema.js';
import { gatherParts, type MissingPart } from './gather-parts.js';

/** How long, in ms, the dashboard waits for its parts. */
export const dashboardPartMs = Symbol('dashboardPartMs');

const recentCount = 5;
const readsProjects = { permission: 'projects:read' };
const readsMembers = { permission: 'members:read' };

@Injectable()
export class DashboardService {
  private readonly log = new Logger(DashboardService.name);

  constructor(
    private readonly clients: GrpcClients,
    private readonly projects: ProjectsRepository,
    @Inject(dashboardPartMs) private readonly partMs: number,
  ) {}

  async show(identity: Identity): Promise<DashboardView> {
    const { dashboard, missing } = await gatherParts(this.parts(identity), this.partMs);
    if (missing.length > 0) this.report(missing);
    return dashboard;
  }

  /** That a service is away is one line without a trace; anything else is a mistake of ours. */
  private report(missing: readonly MissingPart[]): void {
    const known = missing.filter(({ reason }) => reason instanceof Refusal);
    const reasons = known.map(({ part, reason }) => `${part}: ${(reason as Refusal).message}`);
    if (reasons.length > 0) this.log.warn({ msg: 'the dashboard is partial', reasons });
    for (const { part, reason } of missing) {
      if (!(reason instanceof Refusal)) this.log.error({ msg: `the dashboard lacks ${part}`, err: reason });
    }
  }

  private parts(identity: Identity): DashboardParts {
    const account = this.account(identity);
    return {
      user: this.user(identity, account),
      tenant: account.then(({ tenant }) => tenant),
      projects: this.projectCounts(identity),
      members: this.members(identity),
      instances: this.instances(),
      recent: this.recent(identity),
    };
  }

  /** An API key reads of its owner what it may read of the members. */
  private async user(identity: Identity, account: ReturnType<DashboardService['account']>) {
    checkAccess(identity, ['person', readsMembers]);
    return (await account).user;
  }

  private async account({ userId, tenantId }: Identity) {
    const accounts = this.clients.to('tenant-service', AccountServiceService);
    const { user, tenant } = await accounts.getAccount(
      { userId, tenantId },
      { as: 'service', deadlineMs: this.partMs },
    );
    if (user === undefined || tenant === undefined) {
      throw new Refusal('RESOURCE_NOT_FOUND', { internal: 'tenant-service does not know this account' });
    }
    return { user: viewUser(user), tenant: viewTenant(tenant) };
  }

  private async projectCounts(identity: Identity) {
    checkAccess(identity, [readsProjects]);
    const { counts, atLeast } = await this.projects.countVisible(identity);
    const [active, archived] = [counts.get('active') ?? 0, counts.get('archived') ?? 0];
    return { total: active + archived, active, archived, ...said(atLeast) };
  }

  private async members(identity: Identity) {
    checkAccess(identity, [readsMembers]);
    const { tenantId } = identity;
    const tenants = this.clients.to('tenant-service', TenantServiceService);
    const { count, atLeast } = await tenants.countMembers({ tenantId }, { as: 'service', deadlineMs: this.partMs });
    return { total: count, ...said(atLeast) };
  }

  private async instances() {
    const instances = this.clients.to('ecs-service', InstanceServiceService);
    const { total, byStatus, atLeast } = await instances.countInstances({}, { deadlineMs: this.partMs });
    const named = byStatus.map(({ status, count }) => [InstanceStatus[status].toLowerCase(), count] as const);
    return { total, byStatus: Object.fromEntries(named), ...said(atLeast) };
  }

  private async recent(identity: Identity) {
    checkAccess(identity, [readsProjects]);
    const { items } = await projectListing.page(
      this.projects.ofTenant(identity),
      { orderBy: 'updatedAt desc', pageSize: recentCount },
      this.projects.visibleTo(identity),
    );
    return items.map(viewProject);
  }
}

const said = (atLeast: boolean | undefined): { atLeast?: true } => (atLeast === true ? { atLeast } : {});
