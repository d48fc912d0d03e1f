import { endingsAfter, EndingsLog } from '@libs/deletion-log';
import {
  type GrpcHandlers,
  GrpcService,
  type ListEndingsRequest,
  type ListEndingsResponse,
  TenantEndingServiceService,
} from '@libs/grpc';
import { Polled } from '@libs/service';
import { Access } from '@libs/trusted-headers';

@Access('service')
@GrpcService(TenantEndingServiceService)
export class EndingsGrpc implements GrpcHandlers<typeof TenantEndingServiceService> {
  constructor(private readonly endings: EndingsLog) {}

  @Polled()
  listEndings(request: ListEndingsRequest): Promise<ListEndingsResponse> {
    return endingsAfter(this.endings, request);
  }
}
