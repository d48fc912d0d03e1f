import {
  type CountMembersRequest,
  type CountMembersResponse,
  type GetTenantRequest,
  type GetTenantResponse,
  type GrpcHandlers,
  GrpcService,
  type SetTenantStatusRequest,
  type SetTenantStatusResponse,
  TenantServiceService,
  TenantStatus,
} from '@libs/grpc';
import { validRequest } from '@libs/service';
import { Access } from '@libs/trusted-headers';

import { MembersService } from '../memberships/members.service.js';
import { IdField, TenantIdField } from '../id.schema.js';
import { tenantMessage } from './tenant-message.js';
import { SetTenantStatus } from './tenant.schema.js';
import { TenantsService } from './tenants.service.js';

const statusNames: Partial<Record<TenantStatus, 'active' | 'disabled'>> = {
  [TenantStatus.ACTIVE]: 'active',
  [TenantStatus.DISABLED]: 'disabled',
};

@Access('service', { roles: ['platform-admin'] })
@GrpcService(TenantServiceService)
export class TenantGrpc implements GrpcHandlers<typeof TenantServiceService> {
  constructor(
    private readonly tenants: TenantsService,
    private readonly members: MembersService,
  ) {}

  async getTenant(request: GetTenantRequest): Promise<GetTenantResponse> {
    const { id } = validRequest(IdField, request);
    return { tenant: tenantMessage(await this.tenants.get(id)) };
  }

  async setTenantStatus({ id, status: number }: SetTenantStatusRequest): Promise<SetTenantStatusResponse> {
    const place = validRequest(IdField, { id });
    const { status } = validRequest(SetTenantStatus, { status: statusNames[number] });
    return { tenant: tenantMessage(await this.tenants.setStatus(place.id, undefined, status)) };
  }

  async countMembers(request: CountMembersRequest): Promise<CountMembersResponse> {
    const { tenantId } = validRequest(TenantIdField, request);
    await this.tenants.get(tenantId);
    return { count: await this.members.count(tenantId) };
  }
}
