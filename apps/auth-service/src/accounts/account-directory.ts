import type { Tenant, User } from '@libs/grpc';

/** A user as seen from one tenant. */
export interface Account {
  readonly user: User;
  /** Absent when the user is not a member of the tenant that was asked for. */
  readonly tenant: Tenant | undefined;
  /** Those held in that tenant together with those of the platform. */
  readonly roles: readonly string[];
}

/** What is needed to open an account. The ids are made beforehand, so that asking again finds what was made. */
export interface NewAccount {
  readonly userId: string;
  readonly tenantId: string;
  readonly username: string;
  readonly email: string;
  readonly displayName: string;
  readonly tenantName: string;
  readonly platformRoles: readonly string[];
}

/** Users and tenants, which are tenant-service's. */
export abstract class AccountDirectory {
  /** Rejects with RESOURCE_NAME_TAKEN when another user has the name. */
  abstract open(account: NewAccount): Promise<{ user: User; tenant: Tenant }>;

  /** By user name or e-mail address. */
  abstract findByLogin(login: string): Promise<User | undefined>;

  /** Without `tenantId`, in the user's own default tenant. */
  abstract find(userId: string, tenantId?: string): Promise<Account | undefined>;
}
