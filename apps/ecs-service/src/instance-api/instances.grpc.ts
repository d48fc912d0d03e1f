import {
  type CountInstancesResponse,
  type GetInstanceRequest,
  type GetInstanceResponse,
  type GrpcHandlers,
  GrpcService,
  InstanceServiceService,
  InstanceStatus as StatusMessage,
} from '@libs/grpc';
import { etag } from '@libs/service';
import { Access, currentContext } from '@libs/trusted-headers';

import type { InstanceStatus } from '../instances/instance-status.js';
import type { Instance } from '../instances/instance.entity.js';
import { InstanceReader } from './instance-reader.js';

@Access({ permission: 'instances:read' })
@GrpcService(InstanceServiceService)
export class InstancesGrpc implements GrpcHandlers<typeof InstanceServiceService> {
  constructor(private readonly reader: InstanceReader) {}

  async getInstance({ id }: GetInstanceRequest): Promise<GetInstanceResponse> {
    return { instance: toMessage(await this.reader.get(currentContext().identity, id)) };
  }

  async countInstances(): Promise<CountInstancesResponse> {
    const { counts, atLeast } = await this.reader.count(currentContext().identity);
    const byStatus = [...counts].map(([status, count]) => ({ status: statuses[status], count }));
    return { total: byStatus.reduce((sum, { count }) => sum + count, 0), byStatus, atLeast: atLeast || undefined };
  }
}

const statuses: Record<InstanceStatus, StatusMessage> = {
  provisioning: StatusMessage.PROVISIONING,
  running: StatusMessage.RUNNING,
  stopping: StatusMessage.STOPPING,
  stopped: StatusMessage.STOPPED,
  starting: StatusMessage.STARTING,
  deleting: StatusMessage.DELETING,
  failed: StatusMessage.FAILED,
};

const toMessage = (instance: Instance) => ({
  id: instance.id,
  tenantId: instance.tenantId,
  projectId: instance.projectId,
  name: instance.name,
  flavor: instance.flavor,
  image: instance.image,
  status: statuses[instance.status],
  createTime: instance.createdAt,
  updateTime: instance.updatedAt,
  etag: etag(instance.version),
});
