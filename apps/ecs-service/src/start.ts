import { readSettings } from '@libs/config';
import { InstanceServiceService } from '@libs/grpc';
import { type RunningService, startService } from '@libs/service';

import { EcsServiceModule } from './ecs-service.module.js';
import { SystemClock } from './time/clock.js';
import type { InstanceDriver } from './driver/instance-driver.js';
import { SimulatedDriver } from './driver/simulated-driver.js';
import { EcsServiceSettings } from './settings.js';

/** Without a driver of one's own, no machine is ever started: see `SimulatedDriver`. */
export async function startEcsService(
  settings: EcsServiceSettings = readSettings(EcsServiceSettings),
  driver: InstanceDriver = simulatedDriver(settings),
): Promise<RunningService> {
  return startService({
    name: 'ecs-service',
    module: EcsServiceModule.forRoot(settings, driver),
    settings,
    grpc: { services: [InstanceServiceService] },
  });
}

const simulatedDriver = (settings: EcsServiceSettings): InstanceDriver =>
  new SimulatedDriver(
    {
      provisioning: settings.simulatedProvisionMs,
      starting: settings.simulatedStartMs,
      stopping: settings.simulatedStopMs,
      deleting: settings.simulatedDeleteMs,
    },
    new SystemClock(),
  );
