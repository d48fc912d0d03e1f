import { z } from 'zod';

import { serviceSettings, setting } from '@libs/config';

const { logLevel, redisUrl, dataDir, sealKey, peers } = serviceSettings({ http: 8080, grpc: 0, management: 9090 });

/** What the gateway takes from its environment. Where it listens and whom it serves is in its configuration file. */
export const GatewaySettings = z.object({
  gatewayConfig: setting.text().default('config/gateway.yaml').describe('the configuration file of the gateway'),
  logLevel,
  redisUrl,
  dataDir,
  sealKey: sealKey.exactOptional(),
  peers,
});

export type GatewaySettings = z.output<typeof GatewaySettings>;
