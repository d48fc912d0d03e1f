import { type DynamicModule, Global, Module } from '@nestjs/common';

import { GrpcClients } from './grpc-clients.js';
import { type GrpcModuleOptions, grpcModuleOptions } from './grpc-module.options.js';

/** Gives the whole application its clients of the other services. */
@Global()
@Module({})
export class GrpcModule {
  static forRoot(options: GrpcModuleOptions): DynamicModule {
    return {
      module: GrpcModule,
      providers: [{ provide: grpcModuleOptions, useValue: options }, GrpcClients],
      exports: [GrpcClients],
    };
  }
}
