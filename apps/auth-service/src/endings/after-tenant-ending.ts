import { Injectable } from '@nestjs/common';
import { type FindOptionsWhere, IsNull, LessThanOrEqual } from 'typeorm';

import { AccountServiceService, GrpcClients } from '@libs/grpc';
import { Database, type Ending } from '@libs/persistence';
import { AfterEnding } from '@libs/service';

import { ApiKey } from '../api-keys/api-key.entity.js';
import { ApiKeyStore } from '../api-keys/api-key.store.js';
import { CredentialStore } from '../credentials/credential.store.js';
import { ForgetUserService } from '../credentials/forget-user.service.js';
import { SessionStore } from '../sessions/session.store.js';

/** Takes away the ways in that are left of tenants, of memberships and of users that are gone. */
@Injectable()
export class AfterTenantEnding extends AfterEnding {
  constructor(
    private readonly database: Database,
    private readonly clients: GrpcClients,
    private readonly users: ForgetUserService,
    private readonly apiKeys: ApiKeyStore,
    private readonly sessions: SessionStore,
    private readonly credentials: CredentialStore,
  ) {
    super();
  }

  override async apply({ kind, subjectId, tenantId, endedAt }: Ending): Promise<void> {
    // Whoever has come back since makes new keys.
    const createdAt = LessThanOrEqual(endedAt);
    if (kind === 'tenant') await this.revoke({ tenantId: subjectId });
    if (kind === 'membership') await this.revoke({ userId: subjectId, tenantId, createdAt });
    if (kind === 'user-sessions') await this.sessions.endOpenedUntil(subjectId, endedAt, 'user-shut-out');
    if (kind === 'user') await this.endUser(subjectId, endedAt);
    if (kind === 'purged-user') await this.users.purge(subjectId);
  }

  /** Of a user who was restored meanwhile, only what they had before goes: they may have a password again. */
  private async endUser(userId: string, endedAt: Date): Promise<void> {
    if (!(await this.exists(userId))) return this.users.forget(userId);
    await this.sessions.endOpenedUntil(userId, endedAt, 'user-gone');
    await this.revoke({ userId, createdAt: LessThanOrEqual(endedAt) });
    await this.credentials.deleteSetUntil(userId, endedAt);
  }

  private async revoke(where: FindOptionsWhere<ApiKey>): Promise<void> {
    for (const { id, userId, tenantId } of await this.database.manager.findBy(ApiKey, {
      ...where,
      revokedAt: IsNull(),
    })) {
      await this.apiKeys.revoke({ userId, tenantId }, id);
    }
  }

  private async exists(userId: string): Promise<boolean> {
    const accounts = this.clients.to('tenant-service', AccountServiceService);
    return (await accounts.getAccount({ userId, tenantId: '' }, { as: 'service' })).user !== undefined;
  }
}
