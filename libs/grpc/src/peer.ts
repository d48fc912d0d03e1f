import { Client, Metadata } from '@grpc/grpc-js';

import type { OwnCertificate } from '@libs/mutual-tls';
import type { Names } from '@libs/names';
import { deriveSealKey, type RequestContext, sealIdentity } from '@libs/trusted-headers';

import { channelCredentials } from './channel-credentials.js';
import { byName } from './names-resolver.js';
import { PeerConnection } from './peer-connection.js';

const channelOptions = {
  // A name with several addresses (a headless service) shares the calls among them.
  'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
  'grpc.max_receive_message_length': 4 * 1024 * 1024,
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
  // grpc-js waits up to two minutes by default: far longer than a restart takes.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 2_000,
  'grpc.use_local_subchannel_pool': 1,
};

/** One service that this one calls: its channel and the key of its seals. */
export class Peer {
  readonly connection: PeerConnection;
  readonly #key: Buffer;

  constructor(
    readonly name: string,
    address: string,
    masterKey: Buffer,
    own: OwnCertificate | undefined,
    names?: Names,
    private readonly now: () => number = () => Date.now(),
  ) {
    const credentials = channelCredentials(own);
    const named = byName(address, names);
    const options = {
      ...channelOptions,
      ...named.options,
      // Whatever its address is, its certificate says that it is this service.
      ...(own === undefined ? {} : { 'grpc.ssl_target_name_override': name }),
    };
    this.connection = new PeerConnection(() => new Client(named.target, credentials, options));
    this.#key = deriveSealKey(masterKey, name);
  }

  /** The context as metadata that only this peer, and only for this call, takes for true. */
  seal(path: string, context: RequestContext): Metadata {
    const { identity, requestId, traceId } = context;
    const headers = sealIdentity({
      identity,
      method: 'POST',
      path,
      requestId,
      traceId,
      audience: this.name,
      key: this.#key,
      now: this.now(),
    });
    const metadata = new Metadata();
    for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
    metadata.set('traceparent', context.traceparent);
    if (context.clientAddress) metadata.set('x-forwarded-for', context.clientAddress);
    return metadata;
  }
}
