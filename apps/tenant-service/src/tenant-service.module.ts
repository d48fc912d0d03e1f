import { type DynamicModule, Module } from '@nestjs/common';

import { PersistenceModule } from '@libs/persistence';
import { RedisModule } from '@libs/redis';
import { AuditTrail } from '@libs/service';

import { AccountGrpc } from './accounts/account.grpc.js';
import { AccountsService } from './accounts/accounts.service.js';
import { AuditChain } from './audit/audit-chain.entity.js';
import { AuditChains } from './audit/audit-chains.js';
import { AuditEntry } from './audit/audit-entry.entity.js';
import { AuditGrpc } from './audit/audit.grpc.js';
import { AuditReader } from './audit/audit-reader.js';
import { ChainSeal } from './audit/chain-seal.js';
import { ChainVerifier } from './audit/chain-verifier.js';
import { InternalAuditController } from './audit/internal-audit.controller.js';
import { TenantAuditController } from './audit/tenant-audit.controller.js';
import { Invitation } from './invitations/invitation.entity.js';
import { MyInvitationsController } from './invitations/my-invitations.controller.js';
import { MyInvitationsService } from './invitations/my-invitations.service.js';
import { TenantInvitationsController } from './invitations/tenant-invitations.controller.js';
import { TenantInvitationsService } from './invitations/tenant-invitations.service.js';
import { MembersController } from './memberships/members.controller.js';
import { MembersService } from './memberships/members.service.js';
import { Membership } from './memberships/membership.entity.js';
import { MembershipsService } from './memberships/memberships.service.js';
import { AuditTables1700000000100 } from './migrations/audit-tables.js';
import { TenantTables1700000000001 } from './migrations/tenant-tables.js';
import type { TenantServiceSettings } from './settings.js';
import { TenantConfig } from './tenant-configs/tenant-config.entity.js';
import { TenantConfigGrpc } from './tenant-configs/tenant-config.grpc.js';
import { TenantConfigsController } from './tenant-configs/tenant-configs.controller.js';
import { TenantConfigsService } from './tenant-configs/tenant-configs.service.js';
import { InternalTenantsController } from './tenants/internal-tenants.controller.js';
import { TenantAccess } from './tenants/tenant-access.js';
import { Tenant } from './tenants/tenant.entity.js';
import { TenantGrpc } from './tenants/tenant.grpc.js';
import { TenantsController } from './tenants/tenants.controller.js';
import { TenantsService } from './tenants/tenants.service.js';
import { MeController } from './users/me.controller.js';
import { OwnUserService } from './users/own-user.service.js';
import { User } from './users/user.entity.js';
import { UserGrpc } from './users/user.grpc.js';
import { UsersController } from './users/users.controller.js';
import { UsersService } from './users/users.service.js';

@Module({})
export class TenantServiceModule {
  static forRoot({ databaseUrl, dataDir, encryptionKey, redisUrl }: TenantServiceSettings): DynamicModule {
    return {
      module: TenantServiceModule,
      imports: [
        RedisModule.forRoot({ redisUrl }),
        PersistenceModule.forRoot({
          service: 'tenant',
          databaseUrl,
          dataDir,
          encryptionKey,
          entities: [User, Tenant, Membership, Invitation, TenantConfig, AuditEntry, AuditChain],
          migrations: [TenantTables1700000000001, AuditTables1700000000100],
        }),
      ],
      controllers: [
        MeController,
        MyInvitationsController,
        TenantsController,
        MembersController,
        TenantInvitationsController,
        UsersController,
        InternalTenantsController,
        TenantConfigsController,
        UserGrpc,
        AccountGrpc,
        TenantGrpc,
        TenantConfigGrpc,
        TenantAuditController,
        InternalAuditController,
        AuditGrpc,
      ],
      providers: [
        UsersService,
        OwnUserService,
        TenantsService,
        TenantAccess,
        MembersService,
        MembershipsService,
        TenantInvitationsService,
        MyInvitationsService,
        TenantConfigsService,
        AccountsService,
        { provide: ChainSeal, useValue: new ChainSeal(encryptionKey) },
        AuditChains,
        { provide: AuditTrail, useExisting: AuditChains },
        AuditReader,
        ChainVerifier,
      ],
    };
  }
}
