import { TenantStatus, UserStatus } from '@libs/grpc';

/** A user as tenant-service describes them. */
export const anAccount = (userId: string) => ({
  id: userId,
  username: userId.replace('user-', ''),
  email: `${userId}@example.com`,
  displayName: '',
  status: UserStatus.ACTIVE,
  platformRoles: [],
  etag: '"1"',
});

export const aTenant = (id: string) => ({ id, name: 'Acme', status: TenantStatus.ACTIVE, etag: '"1"' });
