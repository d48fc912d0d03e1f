import { NestFactory } from '@nestjs/core';

import { GrpcClients, GrpcModule } from '@libs/grpc';

import type { DistributedStack, EmbeddedStack } from './stack.js';

/** The internal gRPC APIs as one of our own services would call them: with the stack's seal key. */
export async function callInternally(
  stack: DistributedStack | EmbeddedStack,
): Promise<{ clients: GrpcClients; close: () => Promise<void> }> {
  const address = (service: Parameters<DistributedStack['ports']>[0]): string =>
    `127.0.0.1:${stack.ports(service).grpc}`;
  const app = await NestFactory.createApplicationContext(
    GrpcModule.forRoot({
      service: 'test',
      sealKey: stack.sealKey,
      peers: {
        'auth-service': address('auth-service'),
        'tenant-service': address('tenant-service'),
        'project-service': address('project-service'),
        'ecs-service': address('ecs-service'),
      },
    }),
    { logger: false },
  );
  return { clients: app.get(GrpcClients), close: () => app.close() };
}
