import type { Peers } from '@libs/config';

import type { GatewayConfiguration } from './configuration/gateway-configuration.schema.js';
import type { AccessLogSink } from './observe/access-log-sink.js';

/** Everything that one gateway in this process is made of. */
export interface GatewayOptions {
  readonly configuration: GatewayConfiguration;
  readonly logLevel: string;
  /** Absent: limits and events stay in this process. */
  readonly redisUrl?: string | undefined;
  /** The master, from which a key for each service is derived. */
  readonly sealKey: Buffer;
  /** gRPC addresses, for the resolvers that ask. */
  readonly peers: Peers;
  /** Standard output unless given. */
  readonly accessLog?: AccessLogSink | undefined;
}
