import type { Metadata, MethodDefinition, ServerUnaryCall } from '@grpc/grpc-js';

// Only `any` accepts every pair of request and response: both stand on either side of a function arrow.
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyMethod = MethodDefinition<any, any>;

/** The `XService` constants that are generated from proto/. */
export type GrpcServiceDefinition = Readonly<Record<string, AnyMethod>>;

export type RequestOf<M> = M extends { requestDeserialize: (bytes: Buffer) => infer R } ? R : never;
export type ResponseOf<M> = M extends { responseDeserialize: (bytes: Buffer) => infer R } ? R : never;

/** What a `@GrpcService` class implements: one async method for each call of the contract. */
export type GrpcHandlers<D extends GrpcServiceDefinition> = {
  [M in keyof D]: (
    request: RequestOf<D[M]>,
    metadata: Metadata,
    call: ServerUnaryCall<RequestOf<D[M]>, ResponseOf<D[M]>>,
  ) => Promise<ResponseOf<D[M]>>;
};

/** `gatehouse.auth.v1.SessionService`, from the path of its methods. */
export function serviceNameOf(definition: GrpcServiceDefinition): string {
  const name = Object.values(definition)[0]?.path.split('/')[1];
  if (name === undefined) throw new Error('A gRPC service without methods cannot be served or called.');
  return name;
}
