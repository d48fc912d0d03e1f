import { Injectable } from '@nestjs/common';
import { MoreThan } from 'typeorm';

import { Refusal } from '@libs/errors';
import { Database } from '@libs/persistence';

import { sentLongAgo } from '../open-invitations/invitation-ends.js';
import { Invitation } from '../open-invitations/invitation.entity.js';
import { MailInvitation } from '../open-invitations/mail-invitation.entity.js';
import { MembersService } from '../memberships/members.service.js';
import { Tenant } from '../tenants/tenant.entity.js';
import { PlansService } from './plans.service.js';

/** Whether a tenant's plan has room for one more member. To be asked after `holdMembers`. */
@Injectable()
export class Seats {
  constructor(
    private readonly database: Database,
    private readonly plans: PlansService,
    private readonly members: MembersService,
  ) {}

  async refuseUnlessFree(tenantId: string): Promise<void> {
    const most = await this.most(tenantId);
    if (most !== null && (await this.members.count(tenantId, most)).count >= most) throw noSeat(most);
  }

  /** An open invitation keeps its seat. */
  async refuseUnlessFreeToInvite(tenantId: string): Promise<void> {
    const most = await this.most(tenantId);
    if (most === null) return;
    const { manager } = this.database;
    const pending = await manager.countBy(Invitation, {
      tenantId,
      status: 'pending',
      createdAt: MoreThan(sentLongAgo()),
    });
    const mailed = await manager.countBy(MailInvitation, { tenantId, expiresAt: MoreThan(new Date()) });
    if ((await this.members.count(tenantId, most)).count + pending + mailed >= most) throw noSeat(most);
  }

  private async most(tenantId: string): Promise<number | null> {
    const tenant = await this.database.manager.findOneBy(Tenant, { id: tenantId });
    return (tenant && (await this.plans.planOf(tenant)))?.maxMembers ?? null;
  }
}

const noSeat = (most: number): Refusal =>
  new Refusal('TENANT_QUOTA_EXCEEDED', { detail: `The plan of the tenant has ${most} members.` });
