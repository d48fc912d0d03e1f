import { Injectable } from '@nestjs/common';
import { LessThanOrEqual } from 'typeorm';

import { AfterEnding, type Ending } from '@libs/deletion-log';
import { AccountServiceService, GrpcClients } from '@libs/grpc';
import type { Piece } from '@libs/persistence';

import { ApiKeyStore } from '../api-keys/api-key.store.js';
import { CredentialStore } from '../credentials/credential.store.js';
import { ForgetUserService } from './forget-user.service.js';
import { SessionStore } from '../sessions/session.store.js';

/** Takes away the ways in that are left of tenants, of memberships and of users that are gone. */
@Injectable()
export class AfterTenantEnding extends AfterEnding {
  constructor(
    private readonly clients: GrpcClients,
    private readonly users: ForgetUserService,
    private readonly apiKeys: ApiKeyStore,
    private readonly sessions: SessionStore,
    private readonly credentials: CredentialStore,
  ) {
    super();
  }

  override async apply({ kind, subjectId, tenantId, endedAt }: Ending): Promise<Piece> {
    // Whoever has come back since makes new keys.
    const createdAt = LessThanOrEqual(endedAt);
    if (kind === 'tenant') return this.apiKeys.revokeSome({ tenantId: subjectId });
    if (kind === 'membership') return this.apiKeys.revokeSome({ userId: subjectId, tenantId, createdAt });
    if (kind === 'user-sessions') return this.sessions.endSomeOpenedUntil(subjectId, endedAt, 'user-shut-out');
    if (kind === 'user') return this.endUser(subjectId, endedAt);
    if (kind === 'purged-user') return this.users.purgeSome(subjectId);
    return 'done';
  }

  /** Of a user who was restored meanwhile, only what they had before goes: they may have a password again. */
  private async endUser(userId: string, endedAt: Date): Promise<Piece> {
    if (!(await this.exists(userId))) return this.users.forgetSome(userId);
    await this.credentials.deleteSetUntil(userId, endedAt);
    if ((await this.sessions.endSomeOpenedUntil(userId, endedAt, 'user-gone')) === 'more') return 'more';
    return this.apiKeys.revokeSome({ userId, createdAt: LessThanOrEqual(endedAt) });
  }

  private async exists(userId: string): Promise<boolean> {
    const accounts = this.clients.to('tenant-service', AccountServiceService);
    return (await accounts.getAccount({ userId, tenantId: '' }, { as: 'service' })).user !== undefined;
  }
}
