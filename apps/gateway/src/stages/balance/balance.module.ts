import { Module } from '@nestjs/common';

import { BalanceMetrics } from './balance-metrics.js';
import { Balancer } from '../../instances/pool/balancer.js';
import { HealthChecks } from '../../instances/checks/health-checks.js';
import { InstanceRegistry } from '../../runtime/instance-registry.js';

@Module({
  providers: [Balancer, InstanceRegistry, HealthChecks, BalanceMetrics],
  exports: [Balancer, InstanceRegistry],
})
export class BalanceModule {}
