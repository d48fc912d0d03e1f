import { applyDecorators, Controller, UseFilters, UseGuards, UseInterceptors } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';

import { TrustedHeadersGuard } from '@libs/trusted-headers';

import { GrpcDecodingInterceptor } from './grpc-decoding.interceptor.js';
import { GrpcErrorFilter } from './grpc-error.filter.js';
import { GrpcIdempotencyInterceptor, serves } from './grpc-idempotency.interceptor.js';
import { type GrpcServiceDefinition, serviceNameOf } from './service-definition.js';

/**
 * Serves a contract with a class, each call by the method of its name. The guard and the filter are bound here
 * because a hybrid Nest application does not hand its global ones to gRPC unless it is told to.
 */
export function GrpcService(definition: GrpcServiceDefinition): ClassDecorator {
  return (target) => {
    const service = serviceNameOf(definition);
    const prototype = target.prototype as object;

    for (const method of Object.keys(definition)) {
      const descriptor = Object.getOwnPropertyDescriptor(prototype, method);
      if (descriptor === undefined) throw new Error(`${target.name} does not implement ${service}.${method}`);
      GrpcMethod(service, method)(prototype, method, descriptor as TypedPropertyDescriptor<never>);
    }
    serves(target, definition);
    const stages = [
      UseGuards(TrustedHeadersGuard),
      UseInterceptors(GrpcDecodingInterceptor, GrpcIdempotencyInterceptor),
      UseFilters(GrpcErrorFilter),
    ];
    applyDecorators(Controller(), ...stages)(target);
  };
}
