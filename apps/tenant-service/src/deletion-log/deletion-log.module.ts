import { Module } from '@nestjs/common';

import { EndingsGrpc } from './endings.grpc.js';

/** What has ended here, for the services that follow it. */
@Module({
  controllers: [EndingsGrpc],
})
export class DeletionLogModule {}
