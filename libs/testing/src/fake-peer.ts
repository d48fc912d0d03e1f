import { callbackify } from 'node:util';

import { type handleUnaryCall, Server, ServerCredentials, type ServerUnaryCall } from '@grpc/grpc-js';

import type { GrpcHandlers, GrpcServiceDefinition } from '@libs/grpc';

export interface FakePeer {
  /** `host:port`. */
  readonly address: string;
  stop(): void;
}

/** What a fake answers: of each call that the test needs, and nothing of the others. */
export interface FakeService {
  readonly definition: GrpcServiceDefinition;
  readonly calls: Readonly<Record<string, handleUnaryCall<unknown, unknown>>>;
}

export function fakeService<D extends GrpcServiceDefinition>(
  definition: D,
  answers: Partial<GrpcHandlers<D>>,
): FakeService {
  const handlers = Object.entries(answers as GrpcHandlers<GrpcServiceDefinition>);
  const calls = handlers.map(([name, answer]) => [
    name,
    callbackify((call: ServerUnaryCall<unknown, unknown>) => answer(call.request, call.metadata, call)),
  ]);
  return { definition, calls: Object.fromEntries(calls) };
}

/** Another service as far as a test needs it: real gRPC on a free port, answers by hand. */
export async function startFakePeer(...services: readonly FakeService[]): Promise<FakePeer> {
  const server = new Server();
  for (const { definition, calls } of services) server.addService(definition, calls);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
    error === null ? resolve(port) : reject(error),
  );
  return { address: `127.0.0.1:${await promise}`, stop: () => server.forceShutdown() };
}
