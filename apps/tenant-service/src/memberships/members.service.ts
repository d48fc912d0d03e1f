import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';

import { Refusal } from '@libs/errors';
import { type Count, countUpTo, Database, type Page, type PageRequest, TenantRepository } from '@libs/persistence';

import { User } from '../users/user.entity.js';
import { memberListing } from './member-listing.js';
import { Membership } from './membership.entity.js';

export interface Member {
  readonly membership: Membership;
  readonly user: User;
}

/** Reads the members of a tenant. Whoever calls has checked that the caller may enter it. */
@Injectable()
export class MembersService {
  private readonly memberships: TenantRepository<Membership>;

  constructor(private readonly database: Database) {
    this.memberships = new TenantRepository(database, Membership);
  }

  async list(tenantId: string, request: PageRequest): Promise<Page<Member>> {
    const { items, nextPageToken } = await memberListing.page(this.living(tenantId), request);
    const users = await this.database.manager.findBy(User, { id: In(items.map(({ userId }) => userId)) });
    const userOf = new Map(users.map((user) => [user.id, user]));
    const members = items.flatMap((membership) => {
      const user = userOf.get(membership.userId);
      return user === undefined ? [] : [{ membership, user }];
    });
    return { items: members, nextPageToken };
  }

  async get(tenantId: string, userId: string): Promise<Member> {
    const membership = await this.memberships.findOne(tenantId, { userId });
    const user = membership && (await this.database.manager.findOneBy(User, { id: userId }));
    if (membership === undefined || !user) throw new Refusal('RESOURCE_NOT_FOUND');
    return { membership, user };
  }

  count(tenantId: string, most?: number): Promise<Count> {
    return countUpTo(this.database.manager, this.living(tenantId), most);
  }

  /** The memberships of deleted users stay in the table. */
  private living(tenantId: string) {
    return this.memberships
      .query(tenantId, 'membership')
      .innerJoin(User, 'user', 'user.id = membership.userId AND user.deletedAt IS NULL');
  }
}
