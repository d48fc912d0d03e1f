import { endingsAfter, EndingsLog } from '@libs/deletion-log';
import {
  type GrpcHandlers,
  GrpcService,
  type ListProjectEndingsRequest,
  type ListProjectEndingsResponse,
  ProjectEndingServiceService,
} from '@libs/grpc';
import { Polled } from '@libs/service';
import { Access } from '@libs/trusted-headers';

@Access('service')
@GrpcService(ProjectEndingServiceService)
export class EndingsGrpc implements GrpcHandlers<typeof ProjectEndingServiceService> {
  constructor(private readonly endings: EndingsLog) {}

  @Polled()
  listEndings(request: ListProjectEndingsRequest): Promise<ListProjectEndingsResponse> {
    return endingsAfter(this.endings, request);
  }
}
