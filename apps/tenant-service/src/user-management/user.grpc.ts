import { Readable } from 'node:stream';

import {
  type ActivateUserRequest,
  type ActivateUserResponse,
  type CreateUserRequest,
  type CreateUserResponse,
  type DeleteUserRequest,
  type DeleteUserResponse,
  type FindUserByLoginRequest,
  type FindUserByLoginResponse,
  type ExportUsersRequest,
  type ExportUsersResponse,
  type GetUserRequest,
  type GetUserResponse,
  type GrpcHandlers,
  GrpcService,
  type ImportUsersRequest,
  type ImportUsersResponse,
  type InviteUserRequest,
  type InviteUserResponse,
  type ListUsersRequest,
  type ListUsersResponse,
  type LockUserRequest,
  type LockUserResponse,
  type PurgeUserRequest,
  type PurgeUserResponse,
  type RestoreUserRequest,
  type RestoreUserResponse,
  type SetUserStatusRequest,
  type SetUserStatusResponse,
  type SuspendUserRequest,
  type SuspendUserResponse,
  type UpdateUserRequest,
  type UpdateUserResponse,
  UserServiceService,
  UserStatus,
} from '@libs/grpc';
import { Idempotency, ListQuery } from '@libs/persistence';
import { expectedVersion, validRequest } from '@libs/service';
import { Access } from '@libs/trusted-headers';

import { UserExportService } from '../user-exports/user-export.service.js';
import { importMessage, refusedLineMessage } from '../user-imports/user-import-view.js';
import { type ImportReport, UserImportsService } from '../user-imports/user-imports.service.js';
import { IdField } from '../ids/id.schema.js';
import { EmailChangeService } from '../users/email-change.service.js';
import { UserInvitationService } from './user-invitation.service.js';
import { userMessage } from '../users/user-message.js';
import type { UserCommand } from './user-lifecycle.js';
import { UserPurgeService } from './user-purge.service.js';
import { UserLifecycleService } from './user-lifecycle.service.js';
import { CreateUser, InviteUser, SetUserStatus, StatusReason, UpdateUser } from '../users/user.schema.js';
import { UsersService } from '../users/users.service.js';

const statusNames: Partial<Record<UserStatus, 'active' | 'disabled'>> = {
  [UserStatus.ACTIVE]: 'active',
  [UserStatus.DISABLED]: 'disabled',
};

// One contract, behind which each of its services is one of ours: so many parameters.
@Access('service', { roles: ['platform-admin'] })
@GrpcService(UserServiceService)
export class UserGrpc implements GrpcHandlers<typeof UserServiceService> {
  constructor(
    private readonly users: UsersService,
    private readonly emails: EmailChangeService,
    private readonly lifecycle: UserLifecycleService,
    private readonly purges: UserPurgeService,
    private readonly invitations: UserInvitationService,
    private readonly imports: UserImportsService,
    private readonly exports: UserExportService,
  ) {}

  async createUser({ displayName, ...request }: CreateUserRequest): Promise<CreateUserResponse> {
    const input = validRequest(CreateUser, { ...request, displayName: displayName || undefined });
    return { user: userMessage(await this.users.create(input)) };
  }

  @Idempotency('saga')
  async inviteUser({ displayName, ...request }: InviteUserRequest): Promise<InviteUserResponse> {
    const input = validRequest(InviteUser, { ...request, displayName: displayName || undefined });
    return { user: userMessage(await this.invitations.invite(input)) };
  }

  async getUser(request: GetUserRequest): Promise<GetUserResponse> {
    const { id } = validRequest(IdField, request);
    return { user: userMessage(await this.users.get(id)) };
  }

  async listUsers({ pageSize, showDeleted, ...request }: ListUsersRequest): Promise<ListUsersResponse> {
    const query = validRequest(ListQuery, { ...request, pageSize: pageSize || undefined });
    const { items, nextPageToken } = await this.users.list(query, showDeleted ?? false);
    return { users: items.map(userMessage), nextPageToken };
  }

  @Idempotency('saga')
  async updateUser({ id, etag, email, displayName }: UpdateUserRequest): Promise<UpdateUserResponse> {
    const place = validRequest(IdField, { id });
    const change = validRequest(UpdateUser, {
      ...(email === undefined ? {} : { email }),
      ...(displayName === undefined ? {} : { displayName }),
    });
    return { user: userMessage(await this.emails.byOperator(place.id, expectedVersion(etag), change)) };
  }

  async deleteUser({ id, etag }: DeleteUserRequest): Promise<DeleteUserResponse> {
    const place = validRequest(IdField, { id });
    await this.users.delete(place.id, expectedVersion(etag));
    return {};
  }

  async setUserStatus({ id, status: number, etag }: SetUserStatusRequest): Promise<SetUserStatusResponse> {
    const place = validRequest(IdField, { id });
    const { status } = validRequest(SetUserStatus, { status: statusNames[number] });
    return { user: userMessage(await this.users.update(place.id, expectedVersion(etag ?? ''), { status })) };
  }

  async activateUser(request: ActivateUserRequest): Promise<ActivateUserResponse> {
    return this.change('activate', request);
  }

  async lockUser(request: LockUserRequest): Promise<LockUserResponse> {
    return this.change('lock', request);
  }

  async suspendUser(request: SuspendUserRequest): Promise<SuspendUserResponse> {
    return this.change('suspend', request);
  }

  async restoreUser(request: RestoreUserRequest): Promise<RestoreUserResponse> {
    const { id } = validRequest(IdField, request);
    return { user: userMessage(await this.lifecycle.restore(id)) };
  }

  async purgeUser(request: PurgeUserRequest): Promise<PurgeUserResponse> {
    const { id } = validRequest(IdField, request);
    await this.purges.purge(id);
    return {};
  }

  @Idempotency('saga')
  async importUsers({ csv }: ImportUsersRequest): Promise<ImportUsersResponse> {
    const start = { isAnsweredAtOnce: false, accepted: importResponse };
    return importResponse(await this.imports.start(Readable.from([Buffer.from(csv)]), start));
  }

  async exportUsers({ filter, pageToken }: ExportUsersRequest): Promise<ExportUsersResponse> {
    const { csv, nextPageToken } = await this.exports.page(filter, pageToken);
    return { csv: Buffer.from(csv), nextPageToken };
  }

  async findUserByLogin({ login }: FindUserByLoginRequest): Promise<FindUserByLoginResponse> {
    const [user, claimant] = [await this.users.findByLogin(login), await this.users.findClaimant(login)];
    return { user: user && userMessage(user), claimant: claimant && userMessage(claimant) };
  }

  private async change(command: UserCommand, { id, reason, etag }: LockUserRequest) {
    const place = validRequest(IdField, { id });
    const why = validRequest(StatusReason, { reason }).reason;
    return { user: userMessage(await this.lifecycle.change(place.id, expectedVersion(etag), command, why)) };
  }
}

const importResponse = ({ import: one, refusedRows }: ImportReport): ImportUsersResponse => ({
  created: one.created,
  refused: one.refused,
  refusedLines: refusedRows.map(refusedLineMessage),
  import: importMessage(one),
});
