import { Module } from '@nestjs/common';

import { BalanceMetrics } from './balance-metrics.js';
import { Balancer } from './balancer.js';
import { HealthChecks } from './checks/health-checks.js';
import { InstanceRegistry } from './instance-registry.js';

@Module({
  providers: [Balancer, InstanceRegistry, HealthChecks, BalanceMetrics],
  exports: [Balancer, InstanceRegistry],
})
export class BalanceModule {}
