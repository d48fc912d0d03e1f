import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';

import { Database, deletePiece, type Piece, rowsOfPiece } from '@libs/persistence';

import { Invitation } from '../open-invitations/invitation.entity.js';
import { MailInvitation } from '../open-invitations/mail-invitation.entity.js';
import { DefaultTenants } from '../members/default-tenants.js';
import { Membership } from '../memberships/membership.entity.js';
import { TenantRole } from '../roles/tenant-role.entity.js';
import { TenantConfigVersion } from '../tenant-configs/config-version.entity.js';
import { TenantConfig } from '../tenant-configs/tenant-config.entity.js';

/** Beside the members. */
const belongings = [Invitation, MailInvitation, TenantRole, TenantConfig, TenantConfigVersion];

/** Each may start in another tenant from then on, which is looked for. */
const membersOfPiece = 100;

/** What goes with a tenant in this service; the others follow its ending. */
@Injectable()
export class TenantBelongings {
  constructor(
    private readonly database: Database,
    private readonly defaults: DefaultTenants,
  ) {}

  /** A piece of what a tenant has that is deleted already. */
  removeSome(tenantId: string): Promise<Piece> {
    return this.database.transaction(async (manager) => {
      const members = await manager.find(Membership, {
        where: { tenantId },
        order: { userId: 'ASC' },
        take: membersOfPiece,
      });
      if (members.length > 0) await manager.delete(Membership, { tenantId, id: In(members.map(({ id }) => id)) });
      for (const { userId } of members) await this.defaults.left(userId, tenantId);

      let piece: Piece = members.length === membersOfPiece ? 'more' : 'done';
      for (const entity of belongings) {
        if ((await deletePiece(manager, entity, { tenantId })) === rowsOfPiece) piece = 'more';
      }
      return piece;
    });
  }
}
