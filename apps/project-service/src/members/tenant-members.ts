import { Injectable } from '@nestjs/common';

import { AccountServiceService, GrpcClients } from '@libs/grpc';

/** Who belongs to a tenant is tenant-service's to say. */
@Injectable()
export class TenantMembers {
  constructor(private readonly clients: GrpcClients) {}

  async includes(tenantId: string, userId: string): Promise<boolean> {
    const accounts = this.clients.to('tenant-service', AccountServiceService);
    const { user, tenant } = await accounts.getAccount({ userId, tenantId }, { as: 'service' });
    return user !== undefined && tenant !== undefined;
  }
}
