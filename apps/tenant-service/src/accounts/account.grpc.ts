import {
  AccountServiceService,
  type ConfirmEmailRequest,
  type ConfirmEmailResponse,
  type GetAccountRequest,
  type GetAccountResponse,
  type GrpcHandlers,
  GrpcService,
  type OpenAccountRequest,
  type OpenAccountResponse,
  type OpenInvitedAccountRequest,
  type OpenInvitedAccountResponse,
} from '@libs/grpc';
import { validRequest } from '@libs/service';
import { Access, isBuiltInRole, ownRole } from '@libs/trusted-headers';

import { planMessage } from '../plans/plan-view.js';
import { PlansService } from '../plans/plans.service.js';
import { tenantMessage } from '../tenants/tenant-message.js';
import { userMessage } from '../users/user-message.js';
import { ConfirmEmail, OpenAccount, OpenInvitedAccount } from './account.schema.js';
import { AccountsService } from './accounts.service.js';
import { EmailConfirmationService } from './email-confirmation.service.js';
import { InvitedAccountsService } from './invited-accounts.service.js';

const unknown: GetAccountResponse = { roles: [], permissions: [] };

@Access('service', { roles: ['platform-admin'] })
@GrpcService(AccountServiceService)
export class AccountGrpc implements GrpcHandlers<typeof AccountServiceService> {
  constructor(
    private readonly accounts: AccountsService,
    private readonly invited: InvitedAccountsService,
    private readonly plans: PlansService,
    private readonly emails: EmailConfirmationService,
  ) {}

  async getAccount({ userId, tenantId }: GetAccountRequest): Promise<GetAccountResponse> {
    const account = await this.accounts.find(userId, tenantId);
    if (account === undefined) return unknown;

    const { user, own } = account;
    const isOwnRole = own !== undefined && !isBuiltInRole(own.role);
    const role = isOwnRole ? ownRole(own.role) : own?.role;
    const roles = new Set([...(role === undefined ? [] : [role]), ...user.platformRoles]);
    const plan = own && (await this.plans.planOf(own.tenant));
    return {
      user: userMessage(user),
      plan: plan && planMessage(plan),
      ...(own === undefined ? {} : { tenant: tenantMessage(own.tenant) }),
      roles: [...roles],
      permissions: isOwnRole ? [...own.permissions] : [],
    };
  }

  async openAccount({ displayName, ...request }: OpenAccountRequest): Promise<OpenAccountResponse> {
    const input = validRequest(OpenAccount, { ...request, displayName: displayName || undefined });
    const { user, tenant } = await this.accounts.open(input);
    return { user: userMessage(user), tenant: tenantMessage(tenant) };
  }

  async openInvitedAccount(request: OpenInvitedAccountRequest): Promise<OpenInvitedAccountResponse> {
    const { displayName, tenantName } = request;
    const names = { displayName: displayName || undefined, tenantName: tenantName || undefined };
    const { user, tenant } = await this.invited.open(validRequest(OpenInvitedAccount, { ...request, ...names }));
    return { user: userMessage(user), tenant: tenantMessage(tenant) };
  }

  @Access('service')
  async confirmEmail(request: ConfirmEmailRequest): Promise<ConfirmEmailResponse> {
    await this.emails.confirm(validRequest(ConfirmEmail, request));
    return {};
  }
}
