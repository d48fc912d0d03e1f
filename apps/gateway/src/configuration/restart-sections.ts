import { isDeepStrictEqual } from 'node:util';

import type { GatewayConfiguration } from './gateway-configuration.schema.js';

/** Where it listens, and how Node's parser was set up when the port was opened. */
const fixed: Readonly<Record<string, (configuration: GatewayConfiguration) => unknown>> = {
  listen: ({ listen }) => listen,
  management: ({ management }) => management,
  'limits.headerBytes': ({ limits }) => limits.headerBytes,
};

/** The names of what has changed in a configuration, but cannot change in a gateway that runs. */
export const sectionsThatNeedRestart = (running: GatewayConfiguration, next: GatewayConfiguration): string[] =>
  Object.entries(fixed)
    .filter(([, part]) => !isDeepStrictEqual(part(running), part(next)))
    .map(([name]) => name);
