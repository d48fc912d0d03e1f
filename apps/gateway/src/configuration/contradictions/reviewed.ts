import type { Say } from '@libs/config';

import type { GatewayConfiguration } from '../schema/gateway-configuration.schema.js';

/** A configuration that is right in each of its parts, for a look at how they go together. */
export interface Reviewed extends Say {
  readonly configuration: GatewayConfiguration;
  /** Whether an option was written, and does not only have its default. */
  readonly isWritten: (path: readonly (string | number)[]) => boolean;
}

export const reviewed = (configuration: GatewayConfiguration, written: unknown, say: Say): Reviewed => ({
  ...say,
  configuration,
  isWritten: (path) => {
    const value = path.reduce<unknown>(
      (part, key) => (part as Record<string | number, unknown> | null)?.[key],
      written,
    );
    return value !== undefined && value !== null;
  },
});
