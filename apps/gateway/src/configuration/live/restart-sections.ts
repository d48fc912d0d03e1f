import { isDeepStrictEqual } from 'node:util';

import type { GatewayConfiguration } from '../schema/gateway-configuration.schema.js';

type Part = (configuration: GatewayConfiguration) => unknown;

/** Where it listens, and what the servers were told when their ports were opened. */
const fixed: Readonly<Record<string, Part>> = {
  listen: ({ listen }) => listen,
  management: ({ management }) => management,
  'limits.uriBytes': ({ limits }) => limits.uriBytes,
  'limits.headerBytes': ({ limits }) => limits.headerBytes,
  'limits.headerCount': ({ limits }) => limits.headerCount,
  'limits.headersTimeout': ({ limits }) => limits.headersTimeout,
  'limits.keepAliveTimeout': ({ limits }) => limits.keepAliveTimeout,
};

/** The names of what has changed in a configuration, but cannot change in a gateway that runs. */
export const sectionsThatNeedRestart = (running: GatewayConfiguration, next: GatewayConfiguration): string[] =>
  Object.entries(fixed)
    .filter(([, part]) => !isDeepStrictEqual(part(running), part(next)))
    .map(([name]) => name);
