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

/** What somebody who was invited has chosen, having read the letter that went to `email`. */
export interface InvitedAccount {
  readonly userId: string;
  readonly email: string;
  readonly username: string;
  readonly displayName: string | undefined;
  readonly tenantName: string | undefined;
}

/** An address that a user has confirmed. `isFirst`: they had confirmed none before. */
export interface ConfirmedEmail {
  readonly userId: string;
  readonly email: string;
  readonly isFirst: boolean;
}

/** Who may mean a name that is typed at a login. */
export interface LoginCandidates {
  /** Whose the name is. */
  readonly holder: User | undefined;
  /** The latest who has entered the address and not confirmed it: nobody tells them whether it is somebody else's. */
  readonly newcomer: User | undefined;
}

/** Users and tenants, which are tenant-service's. */
export abstract class AccountDirectory {
  /** Rejects with RESOURCE_NAME_TAKEN when another user has the name. */
  abstract open(account: NewAccount): Promise<{ user: User; tenant: Tenant }>;

  /** Rejects as `open` does; undefined when nobody is invited there any more. Asking again finds what was made. */
  abstract openInvited(account: InvitedAccount): Promise<{ user: User; tenant: Tenant } | undefined>;

  /** Refused when somebody else has confirmed it; asking again answers the same. */
  abstract confirmEmail(confirmed: ConfirmedEmail): Promise<'confirmed' | 'refused' | 'gone'>;

  /** By user name or e-mail address. */
  abstract findByLogin(login: string): Promise<User | undefined>;

  /** The same for a login, which must not tell a newcomer whether the address is somebody else's. */
  abstract candidatesOf(login: string): Promise<LoginCandidates>;

  /** Without `tenantId`, in the user's own default tenant. */
  abstract find(userId: string, tenantId?: string): Promise<Account | undefined>;
}
