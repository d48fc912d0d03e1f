import {
  type CountMembersRequest,
  type CountMembersResponse,
  type DeleteTenantRequest,
  type DeleteTenantResponse,
  type GetTenantRequest,
  type GetTenantResponse,
  type GrpcHandlers,
  GrpcService,
  type SetTenantStatusRequest,
  type SetTenantStatusResponse,
  TenantServiceService,
  TenantStatus,
} from '@libs/grpc';
import { expectedVersion, validRequest } from '@libs/service';
import { Access } from '@libs/trusted-headers';

import { MembersService } from '../memberships/members.service.js';
import { IdField, TenantIdField } from '../ids/id.schema.js';
import { TenantDeletionService } from '../tenant-deletion/tenant-deletion.service.js';
import { tenantMessage } from '../tenants/tenant-message.js';
import { SetTenantStatus } from '../tenants/tenant.schema.js';
import { TenantsService } from '../tenants/tenants.service.js';

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
    private readonly deletion: TenantDeletionService,
  ) {}

  async getTenant(request: GetTenantRequest): Promise<GetTenantResponse> {
    const { id } = validRequest(IdField, request);
    return { tenant: tenantMessage(await this.tenants.get(id)) };
  }

  async setTenantStatus({ id, status: number, etag }: SetTenantStatusRequest): Promise<SetTenantStatusResponse> {
    const place = validRequest(IdField, { id });
    const { status } = validRequest(SetTenantStatus, { status: statusNames[number] });
    return { tenant: tenantMessage(await this.tenants.setStatus(place.id, expectedVersion(etag ?? ''), status)) };
  }

  async deleteTenant({ id, etag }: DeleteTenantRequest): Promise<DeleteTenantResponse> {
    const place = validRequest(IdField, { id });
    await this.deletion.delete(place.id, expectedVersion(etag));
    return {};
  }

  async countMembers(request: CountMembersRequest): Promise<CountMembersResponse> {
    const { tenantId } = validRequest(TenantIdField, request);
    await this.tenants.get(tenantId);
    const { count, atLeast } = await this.members.count(tenantId);
    return { count, atLeast: atLeast || undefined };
  }
}
