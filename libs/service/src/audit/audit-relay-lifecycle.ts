import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';

import { GrpcClients } from '@libs/grpc';
import { Audit, Database } from '@libs/persistence';

import { provided } from '../provided.js';
import { AuditRelay } from './audit-relay.js';
import { AuditTrail } from './audit-trail.js';
import { GrpcAuditTrail } from './grpc-audit-trail.js';

/** Every service with a database brings its audit events to tenant-service, which keeps the trail and provides it. */
@Injectable()
export class AuditRelayLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private relay: AuditRelay | undefined;

  constructor(
    private readonly modules: ModuleRef,
    private readonly clients: GrpcClients,
  ) {}

  onApplicationBootstrap(): void {
    const database = provided(this.modules, Database);
    const audit = provided(this.modules, Audit);
    if (database === undefined || audit === undefined) return;
    const trail = provided(this.modules, AuditTrail) ?? new GrpcAuditTrail(this.clients);
    this.relay = new AuditRelay(database, audit, trail);
    this.relay.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.relay?.stop();
  }
}
