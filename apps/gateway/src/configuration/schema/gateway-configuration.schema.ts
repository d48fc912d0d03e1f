import { z } from 'zod';

import { addresses, trustedProxies } from './address.schema.js';
import { accounts, authentication } from './authentication.schema.js';
import { clientHeaders } from './client-headers.schema.js';
import { limits } from './limits.schema.js';
import { listen } from './listen.schema.js';
import { fileName } from './quantities.js';
import { protection } from './protection.schema.js';
import { rateLimit } from './rate-limit.schema.js';
import { route } from './route.schema.js';
import { service } from './service.schema.js';
import { socket } from './socket.schema.js';

const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower case letters, digits and dashes');

/** Everything that can be written in the configuration of a gateway, part by part. Unknown keys are mistakes. */
export const gatewayConfigurationShape = z.strictObject({
  listen,
  management: z
    .strictObject(socket('127.0.0.1', 9090))
    .prefault({})
    .describe('Where operators call: probes, /actuator/** and the management API.'),
  trustedProxies,
  clientHeaders,
  limits,
  protection,
  addresses,
  authentication,
  accounts,
  rateLimits: z.record(name, rateLimit).default({}).describe('Limits by name.'),
  services: z.record(name, service).default({}).describe('Services by name.'),
  routes: z.array(route).default([]).describe('What is reachable. What is not here is 404.'),
  openapi: fileName.optional().describe('A JSON file to serve at /openapi.json, relative to this file.'),
});

export type GatewayConfigurationInput = z.input<typeof gatewayConfigurationShape>;
export type GatewayConfiguration = z.output<typeof gatewayConfigurationShape>;
