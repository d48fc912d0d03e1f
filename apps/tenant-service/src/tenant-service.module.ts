import { type DynamicModule, Module } from '@nestjs/common';

import { PersistenceModule } from '@libs/persistence';
import { RedisModule } from '@libs/redis';
import { AuditTrail } from '@libs/service';

import { AccountGrpc } from './accounts/account.grpc.js';
import { EndingsGrpc } from './endings/endings.grpc.js';
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
import { DefaultTenants } from './memberships/default-tenants.js';
import { MembersController } from './memberships/members.controller.js';
import { MembersService } from './memberships/members.service.js';
import { Membership } from './memberships/membership.entity.js';
import { MembershipsService } from './memberships/memberships.service.js';
import { AuditTables1700000000100 } from './migrations/audit-tables.js';
import { Lifecycles1700000003000 } from './migrations/lifecycles.js';
import { TenantRoles1700000002000 } from './migrations/tenant-roles.js';
import { TenantTables1700000000001 } from './migrations/tenant-tables.js';
import { TenantRole } from './roles/tenant-role.entity.js';
import { TenantRolesController } from './roles/tenant-roles.controller.js';
import { TenantRolesService } from './roles/tenant-roles.service.js';
import type { TenantServiceSettings } from './settings.js';
import { TenantConfig } from './tenant-configs/tenant-config.entity.js';
import { TenantConfigGrpc } from './tenant-configs/tenant-config.grpc.js';
import { TenantConfigsController } from './tenant-configs/tenant-configs.controller.js';
import { TenantConfigsService } from './tenant-configs/tenant-configs.service.js';
import { InternalTenantsController } from './tenants/internal-tenants.controller.js';
import { OwnTenantsService } from './tenants/own-tenants.service.js';
import { TenantAccess } from './tenants/tenant-access.js';
import { TenantDeletionService } from './tenants/tenant-deletion.service.js';
import { Tenant } from './tenants/tenant.entity.js';
import { TenantGrpc } from './tenants/tenant.grpc.js';
import { TenantsController } from './tenants/tenants.controller.js';
import { TenantsService } from './tenants/tenants.service.js';
import { MeController } from './users/me.controller.js';
import { OwnUserService } from './users/own-user.service.js';
import { User } from './users/user.entity.js';
import { UserGrpc } from './users/user.grpc.js';
import { UserLifecycleController } from './users/user-lifecycle.controller.js';
import { UserLifecycleService } from './users/user-lifecycle.service.js';
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
          entities: [User, Tenant, Membership, Invitation, TenantConfig, AuditEntry, AuditChain, TenantRole],
          migrations: [
            TenantTables1700000000001,
            AuditTables1700000000100,
            TenantRoles1700000002000,
            Lifecycles1700000003000,
          ],
        }),
      ],
      controllers: [
        MeController,
        MyInvitationsController,
        TenantsController,
        MembersController,
        TenantInvitationsController,
        TenantRolesController,
        UsersController,
        UserLifecycleController,
        EndingsGrpc,
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
        OwnTenantsService,
        TenantDeletionService,
        DefaultTenants,
        UserLifecycleService,
        MembersService,
        MembershipsService,
        TenantInvitationsService,
        TenantRolesService,
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
