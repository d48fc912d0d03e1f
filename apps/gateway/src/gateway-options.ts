import type { ComparedClock } from '@libs/clock';
import type { Peers, ServiceSettings } from '@libs/config';
import type { OwnCertificate } from '@libs/mutual-tls';
import type { Names } from '@libs/names';

import type { ConfigurationOptions } from './configuration/live/configuration.module.js';
import type { AccessLogSink } from './stages/observe/access-log-sink.js';

/** Everything that one gateway in this process is made of. */
export interface GatewayOptions extends ConfigurationOptions {
  readonly logLevel: string;
  /** Where addresses are found; as the system finds them unless given. */
  readonly names?: Names | undefined;
  /** Absent: limits and events stay in this process. */
  readonly redisUrl?: string | undefined;
  /** The master, from which a key for each service is derived. */
  readonly sealKey: Buffer;
  /** By which tokens and seals are in time; that of the process unless given. */
  readonly clock?: ComparedClock | undefined;
  /** Whether auth-service is in this process, and has the same clock. */
  readonly sharesClock?: boolean;
  /** gRPC addresses, for the resolvers that ask. */
  readonly peers: Peers;
  /** Shown to the services that are asked over gRPC. What the instances of a route are shown is their configuration's. */
  readonly certificate?: OwnCertificate | undefined;
  /** How long a gateway that is told to stop goes on serving, so that balancers notice. */
  readonly drainDelayMs?: number;
  /** What the callers of the management API must know. Without it, nobody may call. */
  readonly managementToken?: string | undefined;
  /** Without it, or without a collector in it, nothing is recorded. */
  readonly tracing?: ServiceSettings['tracing'] | undefined;
  /** How many traces a second are recorded because their clients ask for it; any number without it. */
  readonly tracesByClients?: number | undefined;
  /** Standard output unless given. */
  readonly accessLog?: AccessLogSink | undefined;
}
