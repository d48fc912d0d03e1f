import { type GrpcClient, GrpcClients, type GrpcServiceDefinition, type PeerName } from '@libs/grpc';
import { type Identity, newContext, runInContext } from '@libs/trusted-headers';

export interface SealedClient<D extends GrpcServiceDefinition> {
  as<T>(identity: Identity, call: (client: GrpcClient<D>) => Promise<T>): Promise<T>;
  close(): void;
}

/** Calls a service over gRPC as another service would that acts for somebody. Close it in the end. */
export function sealedClient<D extends GrpcServiceDefinition>(
  peer: PeerName,
  definition: D,
  { grpc, sealKey }: { readonly grpc: string; readonly sealKey: Buffer },
): SealedClient<D> {
  const clients = new GrpcClients({ service: 'auth-service', sealKey, peers: { [peer]: grpc } });
  const client = clients.to(peer, definition);
  return {
    as: (identity, call) => runInContext({ ...newContext(), identity }, () => call(client)),
    close: () => clients.onApplicationShutdown(),
  };
}
