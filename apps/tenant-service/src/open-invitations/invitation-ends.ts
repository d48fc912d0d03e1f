import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import { Audit } from '@libs/audit';
import { Database } from '@libs/persistence';
import { covers } from '@libs/trusted-headers';

import { MailInvitation } from './mail-invitation.entity.js';
import { mayGrant } from '../roles/roles.js';
import { TenantAccess } from '../memberships/tenant-access.js';
import { User } from '../users/user.entity.js';
import { type UserListener, UserListeners } from '../users/user-listeners.js';
import { Invitation } from './invitation.entity.js';

export const invitationLifetimeMs = 7 * 24 * 3_600_000;

/** Those that were sent before are over. */
export const sentLongAgo = (): Date => new Date(Date.now() - invitationLifetimeMs);

type Sent = Pick<Invitation, 'tenantId' | 'invitedById' | 'role' | 'createdAt'>;

/**
 * An invitation is a right that its sender hands out, so it is good for as long as they have it, and for seven days. It
 * ends when they lose it, so that it does not come back with it; and it is looked at once more when it is accepted.
 */
@Injectable()
export class InvitationEnds implements UserListener, OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly access: TenantAccess,
    private readonly audit: Audit,
    private readonly users: UserListeners,
  ) {}

  onModuleInit(): void {
    this.users.add(this);
  }

  /** Whoever may not come in themselves lets nobody else in. */
  afterLossOfEntry(userId: string): Promise<void> {
    return this.endSentBy(userId);
  }

  async isGood({ tenantId, invitedById, role, createdAt }: Sent): Promise<boolean> {
    if (createdAt <= sentLongAgo()) return false;
    const { manager } = this.database;
    if (!(await manager.existsBy(User, { id: invitedById, status: 'active' }))) return false;
    const sender = await this.access.find(invitedById, tenantId);
    const given = await this.access.standing(tenantId, role);
    if (sender === undefined || given === undefined) return false;
    return covers(sender.permissions, 'members:manage') && mayGrant(sender, given);
  }

  /** After somebody's right in the tenant, or everybody's of a role, has become another one. */
  async endThoseWithoutRight(tenantId: string, senderId?: string): Promise<void> {
    const sent = { tenantId, ...(senderId === undefined ? {} : { invitedById: senderId }) };
    const { manager } = this.database;
    for (const invitation of await manager.findBy(Invitation, { ...sent, status: 'pending' })) {
      if (!(await this.isGood(invitation))) await this.end(manager, Invitation, invitation);
    }
    for (const invitation of await manager.findBy(MailInvitation, sent)) {
      if (!(await this.isGood(invitation))) await this.end(manager, MailInvitation, invitation);
    }
  }

  /** In all tenants: of somebody who is gone, or may not come in any more. */
  async endSentBy(invitedById: string): Promise<void> {
    const { manager } = this.database;
    const pending = await manager.findBy(Invitation, { invitedById, status: 'pending' });
    for (const invitation of pending) await this.end(manager, Invitation, invitation);
    const mailed = await manager.findBy(MailInvitation, { invitedById });
    for (const invitation of mailed) await this.end(manager, MailInvitation, invitation);
  }

  /** Sent by the user, or to them by name. */
  async endAllOf(userId: string): Promise<void> {
    await this.endSentBy(userId);
    const { manager } = this.database;
    const received = await manager.findBy(Invitation, { userId, status: 'pending' });
    for (const invitation of received) await this.end(manager, Invitation, invitation);
  }

  /** What was sent to somebody who is purged, whatever became of it. */
  async forget({ userId, emailKey }: { readonly userId: string; readonly emailKey: string }): Promise<void> {
    const { manager } = this.database;
    await manager.delete(Invitation, { userId });
    await manager.delete(MailInvitation, { emailKey });
  }

  private async end(
    manager: EntityManager,
    kind: typeof Invitation | typeof MailInvitation,
    { id, tenantId }: Invitation | MailInvitation,
  ): Promise<void> {
    const { affected } = await manager.delete(kind, { id, tenantId });
    if (affected === 1) await this.audit.record({ action: 'invitation.ended', target: id, tenantId });
  }
}
