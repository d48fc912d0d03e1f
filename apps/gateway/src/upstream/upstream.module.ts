import { Module } from '@nestjs/common';

import { HealthChecks } from '../instances/checks/health-checks.js';
import { Balancer } from '../instances/pool/balancer.js';
import { InstanceRegistry } from '../runtime/instance-registry.js';
import { BalanceMetrics } from './balance-metrics.js';
import { Connections } from './connections.js';
import { UpstreamMetrics } from './upstream-metrics.js';
import { Upstreams } from './upstreams.js';

/** The instances of all services, how they are, and the connections to them. */
@Module({
  providers: [Balancer, InstanceRegistry, HealthChecks, BalanceMetrics, Connections, UpstreamMetrics, Upstreams],
  exports: [Balancer, InstanceRegistry, Connections, Upstreams],
})
export class UpstreamModule {}
