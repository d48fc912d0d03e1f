import { type DynamicModule, Module } from '@nestjs/common';

import { mailEntities, MailModule, MailTables1700000000500 } from '@libs/mail';
import { PersistenceModule } from '@libs/persistence';
import { RedisModule } from '@libs/redis';
import { AuditTrail, followOwnEndings } from '@libs/service';

import { AccountGrpc } from './accounts/account.grpc.js';
import { ConfigKeyDefinition } from './tenant-configs/config-key.entity.js';
import { ConfigKeysController } from './tenant-configs/config-keys.controller.js';
import { ConfigKeysService } from './tenant-configs/config-keys.service.js';
import { AfterOwnEnding } from './tenant-deletion/after-own-ending.js';
import { EndingsGrpc } from './deletion-log/endings.grpc.js';
import { AccountsService } from './accounts/accounts.service.js';
import { EmailConfirmationService } from './accounts/email-confirmation.service.js';
import { InvitedAccountsService } from './accounts/invited-accounts.service.js';
import { AuditChain } from './audit/audit-chain.entity.js';
import { AuditChains } from './audit/audit-chains.js';
import { AuditEntry } from './audit/audit-entry.entity.js';
import { AuditGrpc } from './audit/audit.grpc.js';
import { AuditReader } from './audit/audit-reader.js';
import { ChainSeal } from './audit/chain-seal.js';
import { ChainVerifier } from './audit/chain-verifier.js';
import { InternalAuditController } from './audit/internal-audit.controller.js';
import { TenantAuditController } from './audit/tenant-audit.controller.js';
import { Invitation } from './open-invitations/invitation.entity.js';
import { MyInvitationsController } from './invitations/my-invitations.controller.js';
import { MyInvitationsService } from './invitations/my-invitations.service.js';
import { TenantInvitationsController } from './invitations/tenant-invitations.controller.js';
import { TenantInvitationsService } from './invitations/tenant-invitations.service.js';
import { InvitationEnds } from './open-invitations/invitation-ends.js';
import { DefaultTenants } from './members/default-tenants.js';
import { MailInvitation } from './open-invitations/mail-invitation.entity.js';
import { accountUrl, MailInvitationsService } from './mail-invitations/mail-invitations.service.js';
import { MyMailInvitationsController } from './mail-invitations/my-mail-invitations.controller.js';
import { TenantMailInvitationsController } from './mail-invitations/tenant-mail-invitations.controller.js';
import { TokenTries } from './mail-invitations/token-tries.js';
import { MembersController } from './members/members.controller.js';
import { MembersService } from './memberships/members.service.js';
import { Membership } from './memberships/membership.entity.js';
import { MembershipsService } from './members/memberships.service.js';
import { AuditTables1700000000100 } from './migrations/audit-tables.js';
import { ConfirmedEmails1700000008000 } from './migrations/confirmed-emails.js';
import { ConfigHistory1700000005000 } from './migrations/config-history.js';
import { Lifecycles1700000003000 } from './migrations/lifecycles.js';
import { MailInvitations1700000006000 } from './migrations/mail-invitations.js';
import { OriginsOfUsers1700000009000 } from './migrations/origins-of-users.js';
import { Plans1700000004000 } from './migrations/plans.js';
import { SecondFactorDuty1700000007000 } from './migrations/second-factor-duty.js';
import { TenantRoles1700000002000 } from './migrations/tenant-roles.js';
import { UserImports1700000011000 } from './migrations/user-imports.js';
import { WalkedLists1700000010000 } from './migrations/walked-lists.js';
import { TenantTables1700000000001 } from './migrations/tenant-tables.js';
import { Plan } from './plans/plan.entity.js';
import { PlanGrpc } from './plans/plan.grpc.js';
import { PlansController } from './plans/plans.controller.js';
import { defaultPlan, PlansService } from './plans/plans.service.js';
import { Seats } from './plans/seats.js';
import { TenantPlanController } from './plans/tenant-plan.controller.js';
import { TenantRole } from './roles/tenant-role.entity.js';
import { TenantRolesController } from './tenant-roles/tenant-roles.controller.js';
import { TenantRolesService } from './tenant-roles/tenant-roles.service.js';
import type { TenantServiceSettings } from './settings.js';
import { ConfigHistory } from './tenant-configs/config-history.js';
import { ConfigValues } from './tenant-configs/config-values.js';
import { TenantConfigVersion } from './tenant-configs/config-version.entity.js';
import { ConfigVersionsController } from './tenant-configs/config-versions.controller.js';
import { ConfigVersionsService } from './tenant-configs/config-versions.service.js';
import { SecretSealing } from './tenant-configs/secret-sealing.js';
import { TenantConfig } from './tenant-configs/tenant-config.entity.js';
import { TenantConfigGrpc } from './tenant-configs/tenant-config.grpc.js';
import { TenantConfigsController } from './tenant-configs/tenant-configs.controller.js';
import { TenantConfigsService } from './tenant-configs/tenant-configs.service.js';
import { InternalTenantsController } from './tenant-management/internal-tenants.controller.js';
import { OwnTenantsService } from './own-tenants/own-tenants.service.js';
import { TenantAccess } from './memberships/tenant-access.js';
import { TenantBelongings } from './tenant-deletion/tenant-belongings.js';
import { TenantDeletionService } from './tenant-deletion/tenant-deletion.service.js';
import { Tenant } from './tenants/tenant.entity.js';
import { TenantGrpc } from './tenant-management/tenant.grpc.js';
import { TenantsController } from './own-tenants/tenants.controller.js';
import { TenantsService } from './tenants/tenants.service.js';
import { UserExportService } from './user-exports/user-export.service.js';
import { UserExportsController } from './user-exports/user-exports.controller.js';
import { CsvBody } from './user-imports/csv-body.js';
import { ImportMetrics } from './user-imports/import-metrics.js';
import { ImportPieces } from './user-imports/import-pieces.js';
import { ImportRounds } from './user-imports/import-rounds.js';
import { ImportedRows } from './user-imports/imported-rows.js';
import { ReceivedTables } from './user-imports/received-tables.js';
import { RefusedRow } from './user-imports/refused-row.entity.js';
import { RowTaker } from './user-imports/row-taker.js';
import { SealedRows } from './user-imports/sealed-rows.js';
import { UserImport } from './user-imports/user-import.entity.js';
import { UserImportGrpc } from './user-imports/user-import.grpc.js';
import { UserImportPiece } from './user-imports/user-import-piece.entity.js';
import { UserImportsController } from './user-imports/user-imports.controller.js';
import { UserImportsService } from './user-imports/user-imports.service.js';
import { MeController } from './own-user/me.controller.js';
import { EmailChangeService } from './users/email-change.service.js';
import { KeptOwners } from './memberships/kept-owners.js';
import { UserListeners } from './users/user-listeners.js';
import { EmailClaims } from './users/email-claims.js';
import { OwnUserService } from './own-user/own-user.service.js';
import { User } from './users/user.entity.js';
import { UserGrpc } from './user-management/user.grpc.js';
import { UserInvitationController } from './user-management/user-invitation.controller.js';
import { UserInvitationService } from './user-management/user-invitation.service.js';
import { UserLifecycleController } from './user-management/user-lifecycle.controller.js';
import { UserLifecycleService } from './user-management/user-lifecycle.service.js';
import { UsersController } from './user-management/users.controller.js';
import { UsersService } from './users/users.service.js';

@Module({})
export class TenantServiceModule {
  static forRoot(settings: TenantServiceSettings): DynamicModule {
    const { databaseUrl, dataDir, encryptionKey, redisUrl } = settings;
    return {
      module: TenantServiceModule,
      imports: [
        RedisModule.forRoot({ redisUrl }),
        PersistenceModule.forRoot({
          service: 'tenant',
          databaseUrl,
          dataDir,
          encryptionKey,
          entities: [
            User,
            Tenant,
            Membership,
            Invitation,
            TenantConfig,
            AuditEntry,
            AuditChain,
            TenantRole,
            Plan,
            ConfigKeyDefinition,
            TenantConfigVersion,
            MailInvitation,
            UserImport,
            UserImportPiece,
            RefusedRow,
            ...mailEntities,
          ],
          migrations: [
            TenantTables1700000000001,
            AuditTables1700000000100,
            TenantRoles1700000002000,
            Lifecycles1700000003000,
            Plans1700000004000,
            ConfigHistory1700000005000,
            MailInvitations1700000006000,
            SecondFactorDuty1700000007000,
            ConfirmedEmails1700000008000,
            OriginsOfUsers1700000009000,
            WalkedLists1700000010000,
            UserImports1700000011000,
            MailTables1700000000500,
          ],
        }),
        MailModule.forRoot(settings),
      ],
      controllers: [
        MeController,
        MyInvitationsController,
        MyMailInvitationsController,
        TenantMailInvitationsController,
        UserImportsController,
        UserExportsController,
        UserImportGrpc,
        TenantsController,
        MembersController,
        TenantInvitationsController,
        TenantRolesController,
        UsersController,
        UserLifecycleController,
        UserInvitationController,
        EndingsGrpc,
        PlansController,
        ConfigKeysController,
        ConfigVersionsController,
        TenantPlanController,
        PlanGrpc,
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
        EmailClaims,
        UserListeners,
        KeptOwners,
        EmailChangeService,
        OwnUserService,
        TenantsService,
        TenantAccess,
        OwnTenantsService,
        TenantBelongings,
        TenantDeletionService,
        AfterOwnEnding,
        followOwnEndings('tenant-service', AfterOwnEnding),
        DefaultTenants,
        PlansService,
        Seats,
        { provide: defaultPlan, useValue: settings.defaultPlan },
        UserLifecycleService,
        UserInvitationService,
        MembersService,
        MembershipsService,
        TenantInvitationsService,
        TenantRolesService,
        MyInvitationsService,
        InvitationEnds,
        SecretSealing,
        TenantConfigsService,
        ConfigKeysService,
        ConfigHistory,
        ConfigVersionsService,
        MailInvitationsService,
        TokenTries,
        CsvBody,
        { provide: SealedRows, useValue: new SealedRows(encryptionKey) },
        ReceivedTables,
        { provide: RowTaker, useClass: ImportedRows },
        ImportMetrics,
        ImportPieces,
        ImportRounds,
        UserImportsService,
        UserExportService,
        { provide: accountUrl, useValue: settings.accountUrl },
        { provide: ConfigValues, useValue: new ConfigValues(encryptionKey) },
        AccountsService,
        InvitedAccountsService,
        EmailConfirmationService,
        { provide: ChainSeal, useValue: new ChainSeal(encryptionKey) },
        AuditChains,
        { provide: AuditTrail, useExisting: AuditChains },
        AuditReader,
        ChainVerifier,
      ],
    };
  }
}
