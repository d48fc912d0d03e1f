import { type ConnectionOptions, createSecureContext } from 'node:tls';

import { Client, credentials } from '@grpc/grpc-js';

import { byName, PeerConnection } from '@libs/grpc';
import type { Names } from '@libs/names';

import type { HealthCheck } from './health-check.js';

const method = '/grpc.health.v1.Health/Check';
/** The field `status` with the value `SERVING`, as protobuf writes it. */
const serving = Buffer.from([0x08, 0x01]);

/** Asks by the protocol that gRPC servers have for it (grpc.health.v1). */
export class GrpcCheck implements HealthCheck {
  private readonly connection: PeerConnection;
  private readonly question: Buffer;

  constructor({ hostname, port, protocol }: URL, service: string, tls: () => ConnectionOptions, names: Names) {
    const isSecure = protocol === 'https:';
    const { secureContext = createSecureContext(), servername } = isSecure ? tls() : {};
    const named = byName(`${hostname}:${port || (isSecure ? '443' : '80')}`, names);
    const trust = isSecure ? credentials.createFromSecureContext(secureContext) : credentials.createInsecure();
    const options = {
      ...named.options,
      ...(servername === undefined ? {} : { 'grpc.ssl_target_name_override': servername }),
      // It is asked every few seconds: waiting longer before connecting again would make the answers old.
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': 1_000,
      'grpc.use_local_subchannel_pool': 1,
    };
    this.connection = new PeerConnection(() => new Client(named.target, trust, options));
    this.question = healthCheckRequest(service);
  }

  ask(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const { client } = this.connection;
      const call = client.makeUnaryRequest(method, identity, identity, this.question, (error, answer) => {
        if (error !== null) reject(error);
        else if (answer?.subarray(0, 2).equals(serving) === true) resolve();
        else reject(new Error('answered that it does not serve'));
      });
      signal.addEventListener('abort', () => call.cancel(), { once: true });
    });
  }

  close(): void {
    this.connection.close();
  }
}

const identity = (bytes: Buffer): Buffer => bytes;

/** The message HealthCheckRequest has one field, the name of the service, of less than 128 bytes. */
function healthCheckRequest(service: string): Buffer {
  const name = Buffer.from(service);
  return name.length === 0 ? name : Buffer.concat([Buffer.from([0x0a, name.length]), name]);
}
