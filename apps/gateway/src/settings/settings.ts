import { z } from 'zod';

import { secret, serviceSettings, setting } from '@libs/config';

import { sourceKinds } from './source-kind.js';

const shared = serviceSettings({ http: 8080, grpc: 0, management: 9090 });
const { logLevel, redisUrl, databaseUrl, dataDir, sealKey, peers, drainDelayMs, clockLeewayMs, tracing } = shared;
const { tlsCaFile, tlsCertFile, tlsKeyFile } = shared;

/** What the gateway takes from its environment. Where it listens and whom it serves is in its configuration file. */
export const GatewaySettings = z.object({
  gatewayConfig: setting.text().default('config/gateway.yaml').describe('the configuration file of the gateway'),
  configurationSource: setting
    .choice(sourceKinds)
    .default('file')
    .describe('where the configuration is: in that file, in versions in the database, or in Nacos'),
  databaseUrl: databaseUrl.describe(
    'mysql://user:password@host:3306/gatehouse, for versions; without it, an SQLite file',
  ),
  managementToken: secret(setting.text())
    .exactOptional()
    .describe('bearer token of the management API; without it, one is made and kept in DATA_DIR'),
  nacosServer: setting.text().exactOptional().describe('host:port of Nacos, several with commas between them'),
  nacosTls: setting.bool().default(false).describe('whether Nacos is spoken to over TLS'),
  nacosNamespace: z.string().default('').describe('the namespace in Nacos; empty: public'),
  nacosUsername: setting.text().exactOptional().describe('who the gateway is to Nacos'),
  nacosPassword: secret(setting.text()).exactOptional().describe('the password of that user'),
  nacosGroup: setting.text().default('DEFAULT_GROUP').describe('the group of the configuration in Nacos'),
  nacosDataId: setting.text().default('gateway.yaml').describe('the data id of the configuration in Nacos'),
  logLevel,
  redisUrl,
  dataDir,
  sealKey: sealKey.exactOptional(),
  peers,
  drainDelayMs,
  clockLeewayMs,
  tracing,
  tracesByClients: setting
    .integer(0, 1_000_000)
    .default(50)
    .describe(
      'how many traces a second are recorded because their clients ask for it in `traceparent`, beyond the share; 0: none',
    ),
  tlsCaFile,
  tlsCertFile,
  tlsKeyFile,
});

export type GatewaySettings = z.output<typeof GatewaySettings>;
