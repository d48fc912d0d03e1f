import { type Environment, environmentWith, loadOrCreateSecrets, randomKey } from '@libs/config';
import { ReadinessChecks, runAsService } from '@libs/observability';
import { RedisHealth } from '@libs/redis';
import { type RunningService, serve } from '@libs/service';

import { checkFiles, readConfiguration } from './configuration/read-configuration.js';
import { createGateway } from './create-gateway.js';
import type { GatewayOptions } from './gateway-options.js';
import type { GatewaySettings } from './settings.js';

/** Starts the gateway that the settings name. `environment` is what `${NAME}` in its configuration file refers to. */
export async function startGateway(
  settings: GatewaySettings,
  environment: Environment = environmentWith({}),
): Promise<RunningService> {
  const { gatewayConfig, sealKey = keptSealKey(settings.dataDir), ...rest } = settings;
  const configuration = readConfiguration(gatewayConfig, environment);
  checkFiles(gatewayConfig, configuration);
  return openGateway({ ...rest, sealKey, configuration });
}

/** Opens the public port and the management port of a gateway; both answer when the promise resolves. */
export const openGateway = (options: GatewayOptions): Promise<RunningService> =>
  runAsService('gateway', async () => {
    const { listen, management } = options.configuration;
    const app = await createGateway(options);
    const redis = app.get(RedisHealth, { strict: false });
    if (redis.configured) app.get(ReadinessChecks).add('redis', () => redis.check());
    return serve({
      name: 'gateway',
      app,
      settings: {
        httpHost: listen.host,
        httpPort: listen.port,
        managementHost: management.host,
        managementPort: management.port,
      },
    });
  });

/** In front of services that do not check seals nobody needs to hand out a key, but there is never a known one. */
const keptSealKey = (dataDir: string): Buffer =>
  Buffer.from(loadOrCreateSecrets(dataDir, { 'seal-key': randomKey })['seal-key'], 'base64url');
