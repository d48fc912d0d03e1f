import type { Type } from '@nestjs/common';

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
