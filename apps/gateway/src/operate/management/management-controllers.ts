import type { Type } from '@nestjs/common';

import { ReadinessChecks } from '@libs/observability';
import { RedisHealth } from '@libs/redis';

import { InstanceRegistry } from '../../runtime/instance-registry.js';
import { ConfigurationStatus } from '../../configuration/live/configuration-status.js';
import { Snapshots } from '../../runtime/snapshots.js';
import { ConfigurationController } from './configuration.controller.js';
import { GatewayController } from './gateway.controller.js';
import { LimitsController } from './limits.controller.js';
import { ServicesController } from './services.controller.js';
import { VersionsController } from './versions.controller.js';

/** All that the management API consists of, and that its description describes. */
export const managementControllers: Type[] = [
  ConfigurationController,
  VersionsController,
  ServicesController,
  LimitsController,
  GatewayController,
];

/** What they need of the gateway that is managed. */
export const partsOfGateway = [ConfigurationStatus, InstanceRegistry, Snapshots, RedisHealth, ReadinessChecks] as const;
