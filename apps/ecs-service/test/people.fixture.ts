import { anIdentity } from '@libs/testing';

/** Bob and Carol belong to the tenant Acme, Mallory to another one. */
export const bob = anIdentity({ userId: 'user-bob', tenantId: 'tenant-acme', roles: ['member'] });
export const carol = anIdentity({ userId: 'user-carol', tenantId: 'tenant-acme', roles: ['member'] });
export const mallory = anIdentity({ userId: 'user-mallory', tenantId: 'tenant-evil', roles: ['owner'] });

/** Bob may do anything in both, Carol may read the second. */
export const projectOfBob = '01900000-0000-7000-8000-00000000000a';
export const projectOfBoth = '01900000-0000-7000-8000-00000000000b';
export const projectOfMallory = '01900000-0000-7000-8000-00000000000e';
