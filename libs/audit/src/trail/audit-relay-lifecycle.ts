import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';

import { GrpcClients } from '@libs/grpc';
import { Database } from '@libs/persistence';

import { Audit } from '../outbox/audit.js';
import { AuditRelay } from './audit-relay.js';
import { AuditTrail } from './audit-trail.js';
import { GrpcAuditTrail } from './grpc-audit-trail.js';

/** Every service with a database brings its audit events to tenant-service, which keeps the trail and provides it. */
@Injectable()
export class AuditRelayLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private relay: AuditRelay | undefined;

  constructor(
    private readonly database: Database,
    private readonly audit: Audit,
    private readonly clients: GrpcClients,
    private readonly modules: ModuleRef,
  ) {}

  onApplicationBootstrap(): void {
    this.relay = new AuditRelay(this.database, this.audit, this.ownTrail() ?? new GrpcAuditTrail(this.clients));
    this.relay.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.relay?.stop();
  }

  private ownTrail(): AuditTrail | undefined {
    try {
      return this.modules.get(AuditTrail, { strict: false });
    } catch {
      return undefined;
    }
  }
}
