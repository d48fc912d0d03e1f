import type { EntityManager, SelectQueryBuilder } from 'typeorm';

import { Refusal } from '@libs/errors';

import { Tenant } from '../tenants/tenant.entity.js';
import { User } from '../users/user.entity.js';
import { inLivingTenants } from './living-tenants.js';
import { Membership } from './membership.entity.js';

/**
 * Makes whoever else wants to change the members of the tenant wait for the end of this transaction. Two owners who
 * remove each other at the same moment would otherwise both see the other one stay.
 */
export async function holdMembers(manager: EntityManager, tenantId: string): Promise<void> {
  await manager.increment(Tenant, { id: tenantId }, 'membersRevision', 1);
}

const othersThan = (manager: EntityManager, tenantId: string, userId: string): SelectQueryBuilder<Membership> =>
  manager
    .createQueryBuilder(Membership, 'membership')
    .innerJoin(User, 'user', 'user.id = membership.userId AND user.deletedAt IS NULL')
    .where('membership.tenantId = :tenantId AND membership.userId <> :userId', { tenantId, userId });

export const hasOtherOwner = (manager: EntityManager, tenantId: string, userId: string): Promise<boolean> =>
  othersThan(manager, tenantId, userId).andWhere(`membership.role = 'owner'`).getExists();

/** To be called after `holdMembers`, before the user stops being an owner. */
export async function refuseLastOwner(manager: EntityManager, tenantId: string, userId: string): Promise<void> {
  if (await hasOtherOwner(manager, tenantId, userId)) return;
  throw new Refusal('RESOURCE_CONFLICT', {
    detail: 'A tenant keeps at least one owner: make somebody else one first.',
  });
}

/** A user may go while others stay only where one of those is an owner. A tenant of the user alone may be left empty. */
export async function refuseToOrphanTenants(manager: EntityManager, userId: string): Promise<void> {
  const owned = await inLivingTenants(manager, userId)
    .andWhere(`membership.role = 'owner'`)
    .orderBy('membership.tenantId', 'ASC')
    .getMany();
  for (const { tenantId } of owned) {
    await holdMembers(manager, tenantId);
    if (await othersThan(manager, tenantId, userId).getExists()) await refuseLastOwner(manager, tenantId, userId);
  }
}
