import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import {
  AccountServiceService,
  type FindUserByLoginResponse,
  type GrpcClient,
  GrpcClients,
  type Tenant,
  type User,
  UserServiceService,
} from '@libs/grpc';

import {
  type Account,
  AccountDirectory,
  type ConfirmedEmail,
  type InvitedAccount,
  type LoginCandidates,
  type NewAccount,
} from './account-directory.js';

/** Asks as the service itself: at login nobody is known yet. */
const asService = { as: 'service' } as const;

@Injectable()
export class GrpcAccountDirectory extends AccountDirectory {
  private readonly accounts: GrpcClient<AccountServiceService>;
  private readonly users: GrpcClient<UserServiceService>;

  constructor(clients: GrpcClients) {
    super();
    this.accounts = clients.to('tenant-service', AccountServiceService);
    this.users = clients.to('tenant-service', UserServiceService);
  }

  override async open({ platformRoles, ...account }: NewAccount): Promise<{ user: User; tenant: Tenant }> {
    const { user, tenant } = await this.accounts.openAccount(
      { ...account, platformRoles: [...platformRoles] },
      asService,
    );
    if (user === undefined || tenant === undefined) throw incomplete('OpenAccount');
    return { user, tenant };
  }

  override async openInvited({
    displayName = '',
    tenantName = '',
    ...account
  }: InvitedAccount): Promise<{ user: User; tenant: Tenant } | undefined> {
    try {
      const request = { ...account, displayName, tenantName };
      const { user, tenant } = await this.accounts.openInvitedAccount(request, asService);
      if (user === undefined || tenant === undefined) throw incomplete('OpenInvitedAccount');
      return { user, tenant };
    } catch (error) {
      if (error instanceof Refusal && error.code === 'RESOURCE_CONFLICT') return undefined;
      throw error;
    }
  }

  override async confirmEmail(confirmed: ConfirmedEmail): Promise<'confirmed' | 'refused' | 'gone'> {
    try {
      await this.accounts.confirmEmail(confirmed, asService);
      return 'confirmed';
    } catch (error) {
      if (error instanceof Refusal && error.code === 'RESOURCE_CONFLICT') return 'refused';
      if (error instanceof Refusal && error.code === 'RESOURCE_NOT_FOUND') return 'gone';
      throw error;
    }
  }

  override async findByLogin(login: string): Promise<User | undefined> {
    return (await this.lookUp(login)).user;
  }

  override async candidatesOf(login: string): Promise<LoginCandidates> {
    const { user, claimant } = await this.lookUp(login);
    if (claimant !== undefined) return { holder: user, newcomer: claimant };
    const isNewcomer = login.includes('@') && user?.emailVerified !== true;
    return isNewcomer ? { holder: undefined, newcomer: user } : { holder: user, newcomer: undefined };
  }

  private async lookUp(login: string): Promise<FindUserByLoginResponse> {
    try {
      return await this.users.findUserByLogin({ login }, asService);
    } catch (error) {
      // What can be nobody's login is nobody's.
      if (error instanceof Refusal && error.code === 'REQUEST_INVALID') return {};
      return asOurFault(error);
    }
  }

  override async find(userId: string, tenantId = ''): Promise<Account | undefined> {
    const { user, tenant, roles } = await this.accounts.getAccount({ userId, tenantId }, asService).catch(asOurFault);
    return user === undefined ? undefined : { user, tenant, roles };
  }
}

/** A question of ours that tenant-service does not accept is no fault of the client, whatever its status says. */
function asOurFault(error: unknown): never {
  if (!(error instanceof Refusal) || error.entry.status >= 500) throw error;
  throw new Refusal('INTERNAL', { internal: `tenant-service answered ${error.code}`, cause: error });
}

const incomplete = (call: string): Refusal =>
  new Refusal('INTERNAL', { internal: `${call} of tenant-service answered without what was asked for` });
