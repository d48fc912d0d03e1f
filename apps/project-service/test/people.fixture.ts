import { anIdentity } from '@libs/testing';

/** Alice owns the tenant Acme, Bob and Carol are plain members of it; Mallory owns another one. */
export const alice = anIdentity({ userId: 'user-alice', tenantId: 'tenant-acme', roles: ['owner'] });
export const bob = anIdentity({ userId: 'user-bob', tenantId: 'tenant-acme', roles: ['member'] });
export const carol = anIdentity({ userId: 'user-carol', tenantId: 'tenant-acme', roles: ['member'] });
export const mallory = anIdentity({ userId: 'user-mallory', tenantId: 'tenant-evil', roles: ['owner'] });
