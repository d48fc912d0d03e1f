import { Injectable } from '@nestjs/common';

import { Audit } from '@libs/audit';
import { CredentialServiceService, GrpcClients } from '@libs/grpc';
import { Database } from '@libs/persistence';

import type { User } from '../users/user.entity.js';
import type { InviteUser } from '../users/user.schema.js';
import { UsersService } from '../users/users.service.js';

/** Invites people to the platform. The letter with its token is auth-service's, where what they choose with it goes. */
@Injectable()
export class UserInvitationService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly clients: GrpcClients,
    private readonly audit: Audit,
  ) {}

  /** Without a letter the user is invited all the same, and inviting them again is how they get one. */
  async invite(input: InviteUser): Promise<User> {
    const user = await this.database.transaction(async () => {
      const former = await this.users.findByLogin(input.email);
      return former?.status === 'invited' ? this.again(former, input) : this.users.invite(input);
    });
    await this.clients
      .to('auth-service', CredentialServiceService)
      .sendInvitation({ userId: user.id }, { as: 'service' });
    return user;
  }

  /** What is said now counts. */
  private async again({ id, version }: User, { displayName = '', platformRoles }: InviteUser): Promise<User> {
    const change = { displayName, platformRoles, statusReason: '', statusSince: new Date() };
    const user = await this.users.update(id, version, change);
    await this.audit.record({
      action: 'user.invited',
      target: id,
      tenantId: '',
      details: { what: [...platformRoles] },
    });
    return user;
  }
}
