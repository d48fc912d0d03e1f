import { type DynamicModule, Module } from '@nestjs/common';

import { AuditModule as AuditWritingModule, auditTables } from '@libs/audit';
import { DeletionLogModule as DeletionLogWritingModule, deletionLogTables } from '@libs/deletion-log';
import { EventsModule } from '@libs/events';
import { mailEntities, MailModule, MailTables1700000000500 } from '@libs/mail';
import { PersistenceModule } from '@libs/persistence';
import { RateLimitsModule } from '@libs/rate-limits';
import { RedisModule } from '@libs/redis';

import { AccountsModule } from './accounts/accounts.module.js';
import { AuditModule, auditEntities } from './audit/audit.module.js';
import { DeletionLogModule } from './deletion-log/deletion-log.module.js';
import { InvitationsModule } from './invitations/invitations.module.js';
import { MailInvitationsModule } from './mail-invitations/mail-invitations.module.js';
import { MembersModule } from './members/members.module.js';
import { MembershipsModule, membershipsEntities } from './memberships/memberships.module.js';
import { OpenInvitationsModule, openInvitationsEntities } from './open-invitations/open-invitations.module.js';
import { OwnTenantsModule } from './own-tenants/own-tenants.module.js';
import { OwnUserModule } from './own-user/own-user.module.js';
import { PlansModule, plansEntities } from './plans/plans.module.js';
import { TenantConfigsModule, tenantConfigsEntities } from './tenant-configs/tenant-configs.module.js';
import { TenantDeletionModule } from './tenant-deletion/tenant-deletion.module.js';
import { TenantManagementModule } from './tenant-management/tenant-management.module.js';
import { TenantRolesModule } from './tenant-roles/tenant-roles.module.js';
import { TenantsModule, tenantsEntities } from './tenants/tenants.module.js';
import { UserExportsModule } from './user-exports/user-exports.module.js';
import { UserImportsModule, userImportsEntities } from './user-imports/user-imports.module.js';
import { UserManagementModule } from './user-management/user-management.module.js';
import { UsersModule, usersEntities } from './users/users.module.js';
import { ChainSeal } from './audit/chain-seal.js';
import { accountUrl } from './mail-invitations/invitation-emails.js';
import { defaultPlan } from './plans/plans.service.js';
import { ConfigValues } from './tenant-configs/config-values.js';
import { SealedRows } from './user-imports/sealed-rows.js';
import type { TenantServiceSettings } from './settings.js';
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

const entities = [
  ...usersEntities,
  ...tenantsEntities,
  ...membershipsEntities,
  ...openInvitationsEntities,
  ...plansEntities,
  ...tenantConfigsEntities,
  ...userImportsEntities,
  ...auditEntities,
  ...mailEntities,
];

/** Each is a feature; those that it needs are in its own list. */
const features = [
  UsersModule,
  TenantsModule,
  MembershipsModule,
  OpenInvitationsModule,
  PlansModule,
  MembersModule,
  TenantRolesModule,
  MailInvitationsModule,
  InvitationsModule,
  TenantConfigsModule,
  TenantDeletionModule,
  DeletionLogModule,
  OwnTenantsModule,
  TenantManagementModule,
  OwnUserModule,
  UserExportsModule,
  UserImportsModule,
  UserManagementModule,
  AccountsModule,
  AuditModule,
];

@Module({})
export class TenantServiceModule {
  static forRoot(settings: TenantServiceSettings): DynamicModule {
    const { databaseUrl, dataDir, encryptionKey, redisUrl } = settings;
    return {
      module: TenantServiceModule,
      imports: [
        RedisModule.forRoot({ redisUrl }),
        EventsModule,
        RateLimitsModule.forRoot(),
        PersistenceModule.forRoot({
          service: 'tenant',
          databaseUrl,
          dataDir,
          encryptionKey,
          entities: [...auditTables.entities, ...deletionLogTables.entities, ...entities],
          migrations: [
            ...auditTables.migrations,
            ...deletionLogTables.migrations,
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
        AuditWritingModule,
        DeletionLogWritingModule,
        MailModule.forRoot(settings),
        SettingsModule.forRoot(settings),
        ...features,
      ],
    };
  }
}

/** What features take from the settings. */
@Module({})
class SettingsModule {
  static forRoot({ accountUrl: pages, defaultPlan: plan, encryptionKey }: TenantServiceSettings): DynamicModule {
    const providers = [
      { provide: defaultPlan, useValue: plan },
      { provide: accountUrl, useValue: pages },
      { provide: ConfigValues, useValue: new ConfigValues(encryptionKey) },
      { provide: ChainSeal, useValue: new ChainSeal(encryptionKey) },
      { provide: SealedRows, useValue: new SealedRows(encryptionKey) },
    ];
    return { module: SettingsModule, global: true, providers, exports: providers };
  }
}
