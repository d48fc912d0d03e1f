import type { Instance } from '../instances/instance.entity.js';
import type { InstanceView } from './instance.schema.js';

export const viewInstance = (instance: Instance): InstanceView => ({
  id: instance.id,
  tenantId: instance.tenantId,
  projectId: instance.projectId,
  creatorId: instance.creatorId,
  name: instance.name,
  flavor: instance.flavor,
  image: instance.image,
  status: instance.status,
  statusReason: instance.statusReason,
  createdAt: instance.createdAt.toISOString(),
  updatedAt: instance.updatedAt.toISOString(),
});
