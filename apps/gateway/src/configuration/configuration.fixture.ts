import { gatewayConfiguration } from './check/gateway-configuration.js';
import type { GatewayConfiguration, GatewayConfigurationInput } from './schema/gateway-configuration.schema.js';

/** A configuration for tests: one service called `echo`, any free ports, and whatever the test says. */
export const aConfiguration = (input: GatewayConfigurationInput = {}): GatewayConfiguration =>
  gatewayConfiguration.parse({
    listen: { port: 0 },
    management: { port: 0 },
    ...input,
    services: { echo: { instances: [{ url: 'http://127.0.0.1:1' }] }, ...input.services },
  });
