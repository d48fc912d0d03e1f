import type { EntityManager, SelectQueryBuilder } from 'typeorm';

import { Tenant } from '../tenants/tenant.entity.js';
import { Membership } from './membership.entity.js';

/** The user's memberships that mean something: those of a large tenant that is gone follow it a while later. */
export const inLivingTenants = (manager: EntityManager, userId: string): SelectQueryBuilder<Membership> =>
  manager
    .createQueryBuilder(Membership, 'membership')
    .innerJoin(Tenant, 'tenant', 'tenant.id = membership.tenantId AND tenant.deletedAt IS NULL')
    .where('membership.userId = :userId', { userId });
