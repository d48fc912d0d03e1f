import { Injectable } from '@nestjs/common';

import { Audit } from '@libs/audit';
import { EndingsLog } from '@libs/deletion-log';
import { Refusal } from '@libs/errors';
import {
  Database,
  isUniqueViolation,
  newId,
  Outbox,
  type Page,
  type PageRequest,
  VersionedRepository,
  type ExpectedVersion,
} from '@libs/persistence';

import { EmailClaims } from './email-claims.js';
import { UserListeners } from './user-listeners.js';
import { nameKey, refuseTakenNames } from './taken-names.js';
import { User, type UserOrigin } from './user.entity.js';
import { everyUserListing, userListing } from './user-listing.js';
import type { CreateUser, InviteUser, UpdateUser, UserStatusName } from './user.schema.js';

export type NewUser = CreateUser & {
  readonly id: string;
  readonly defaultTenantId: string | null;
  readonly status?: UserStatusName;
};

export interface UserChange extends UpdateUser {
  readonly status?: UserStatusName;
  /** Of an invited user, once: afterwards it stays for life. */
  readonly username?: string;
  readonly statusReason?: string;
  readonly statusSince?: Date;
  readonly defaultTenantId?: string | null | undefined;
  readonly verifiedEmailKey?: string;
}

/** The users of the whole platform. A deleted one is found by nothing here. */
@Injectable()
export class UsersService {
  private readonly users: VersionedRepository<User>;

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly audit: Audit,
    private readonly endings: EndingsLog,
    private readonly claims: EmailClaims,
    private readonly listeners: UserListeners,
  ) {
    this.users = new VersionedRepository(database, User);
  }

  list(request: PageRequest, showDeleted = false): Promise<Page<User>> {
    const users = this.users.query('user');
    return showDeleted ? everyUserListing.page(users.withDeleted(), request) : userListing.page(users, request);
  }

  get(id: string): Promise<User> {
    return this.users.get(id);
  }

  find(id: string): Promise<User | undefined> {
    return this.users.findOne({ id });
  }

  /** User names hold no `@`, so a login can only be one of the two. */
  async findByLogin(login: string): Promise<User | undefined> {
    if (!couldBeLogin(login)) return undefined;
    const key = nameKey(login);
    return this.users.findOne(key.includes('@') ? { emailKey: key } : { usernameKey: key });
  }

  /** Who logs in by an address that is somebody else's: the latest who has entered it and not confirmed it. */
  async findClaimant(login: string): Promise<User | undefined> {
    if (!couldBeLogin(login) || !login.includes('@')) return undefined;
    const claimants = await this.users.find({ claimedEmailKey: nameKey(login) });
    // Two who registered at the same moment may both have it.
    return claimants.toSorted((one, other) => (one.id < other.id ? -1 : 1)).at(-1);
  }

  create(input: CreateUser): Promise<User> {
    return this.add({ ...input, id: newId(), defaultTenantId: null });
  }

  /** By an operator, or on behalf of one. */
  add(user: NewUser): Promise<User> {
    const { id, email } = user;
    return this.changing(id, user, async () => this.insert(user, 'operator', await this.claims.assign(id, email)));
  }

  /** For somebody who names an address as theirs: whether it is somebody else's is not theirs to know. */
  register(user: NewUser): Promise<User> {
    const { id, username, email, platformRoles } = user;
    // Nobody registers as somebody who runs the platform: the first administrator is a setting.
    const origin = platformRoles.length === 0 ? 'registration' : 'operator';
    return this.changing(id, { username }, async () => this.insert(user, origin, await this.claims.enter(id, email)));
  }

  /** Under the id for a name, until they choose one. */
  invite({ email, displayName = '', platformRoles }: InviteUser): Promise<User> {
    const id = newId();
    return this.changing(id, { email }, async () => {
      await this.claims.reserve(id, email);
      const names = { username: id, usernameKey: id, email, emailKey: nameKey(email), displayName };
      const since = { statusReason: null, statusSince: new Date() };
      await this.record('user.invited', id, [...platformRoles]);
      const unproven = {
        verifiedEmailKey: null,
        claimedEmailKey: null,
        origin: 'operator',
        defaultTenantId: null,
      } as const;
      return this.users.insert({ id, ...names, status: 'invited', ...since, platformRoles, ...unproven });
    });
  }

  /** Operators may know who has an address; whoever owns one may not. `id` is the user who may have it. */
  refuseTakenEmail(id: string, email: string): Promise<void> {
    return refuseTakenNames(this.database.manager, id, { email });
  }

  /** The address becomes the user's alone, in place of what they had. */
  confirmEmail({ id, version }: User, email: string): Promise<User> {
    return this.database.transaction(async () => {
      await this.claims.prove(id, email);
      return this.update(id, version, { email, verifiedEmailKey: nameKey(email) });
    });
  }

  update(id: string, expectedVersion: ExpectedVersion | undefined, change: UserChange): Promise<User> {
    const { email, username, verifiedEmailKey } = change;
    const usernameKey = username === undefined ? undefined : nameKey(username);
    return this.changing(id, change, async () => {
      // A command of the user's life says itself what it is.
      if (!('statusReason' in change)) await this.record('user.updated', id, Object.keys(change));
      const emailKeys = email === undefined ? {} : await this.keysOf(id, email, verifiedEmailKey);
      const user = await this.users.update(id, expectedVersion, { ...change, ...emailKeys, usernameKey });
      if (user.status !== 'active' && change.status !== undefined) await this.listeners.afterLossOfEntry(id);
      return user;
    });
  }

  /** Deletes softly. The memberships stay with the row, unseen, so that a restored user is who they were. */
  async delete(id: string, expectedVersion: ExpectedVersion | undefined): Promise<void> {
    await this.database.transaction(async () => {
      await this.listeners.beforeDeletion(id);
      await this.users.update(id, expectedVersion, { deletedAt: new Date() });
      await this.listeners.afterLossOfEntry(id);
      await this.outbox.add('user.deleted', id, { userId: id });
      await this.endings.add({ kind: 'user', subjectId: id, tenantId: '' });
      await this.record('user.deleted', id);
    });
  }

  private async keysOf(id: string, email: string, verifiedEmailKey: string | undefined) {
    if (verifiedEmailKey === undefined) return this.claims.assign(id, email);
    return { emailKey: verifiedEmailKey, claimedEmailKey: null };
  }

  private async insert(
    user: NewUser,
    origin: UserOrigin,
    keys: Pick<User, 'emailKey' | 'claimedEmailKey'>,
  ): Promise<User> {
    const { id, username, email, displayName = username, platformRoles, defaultTenantId, status = 'active' } = user;
    const names = { username, email, displayName, usernameKey: nameKey(username), ...keys, verifiedEmailKey: null };
    const unexplained = { statusReason: null, statusSince: null };
    await this.record('user.created', id, [...platformRoles]);
    return this.users.insert({ id, ...names, status, ...unexplained, platformRoles, origin, defaultTenantId });
  }

  /** A user belongs to many tenants, and to the history of none. */
  private record(action: string, target: string, what: readonly string[] = []): Promise<void> {
    return this.audit.record({ action, target, tenantId: '', details: what.length === 0 ? {} : { what } });
  }

  /** The names are looked up before the write to name the field, and after a lost race for the same reason. */
  private changing(
    id: string,
    names: Pick<UserChange, 'email' | 'username'>,
    write: () => Promise<User>,
  ): Promise<User> {
    return this.database.transaction(async (manager) => {
      await refuseTakenNames(manager, id, names);
      const user = await write().catch(async (error: unknown) => {
        if (isUniqueViolation(error)) await refuseTakenNames(manager, id, names);
        // Somebody has just entered the address that an operator names: once more, and it is taken from them.
        if (isUniqueViolation(error) && names.email !== undefined)
          throw new Refusal('RESOURCE_CHANGED', { cause: error });
        throw error;
      });
      await this.outbox.add('user.changed', id, { userId: id });
      return user;
    });
  }
}

const couldBeLogin = (text: string): boolean => /^[\x20-\x7e]{1,254}$/.test(text);
