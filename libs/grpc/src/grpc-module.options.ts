import type { ComparedClock } from '@libs/clock';
import type { OwnCertificate } from '@libs/mutual-tls';
import type { Names } from '@libs/names';

export type PeerName = 'auth-service' | 'tenant-service' | 'project-service' | 'ecs-service';

export interface GrpcModuleOptions {
  /** The name of the calling application. */
  readonly service: string;
  /** The master key that all services share. */
  readonly sealKey: Buffer;
  /** `host:port` of each service that may be called. */
  readonly peers: Readonly<Partial<Record<PeerName, string>>>;
  /** Shown to every service that is called; without it, calls are plain. */
  readonly certificate?: OwnCertificate | undefined;
  /** Finds the addresses of the peers; as the system does unless given. */
  readonly names?: Names | undefined;
  /** By which calls are sealed; the clock of the process unless given. */
  readonly clock?: Pick<ComparedClock, 'now'> | undefined;
}

export const grpcModuleOptions = Symbol('GrpcModuleOptions');
