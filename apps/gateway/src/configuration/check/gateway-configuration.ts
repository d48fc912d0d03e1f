import { gatewayConfigurationShape } from '../schema/gateway-configuration.schema.js';
import { checkOwnAddresses } from './check-own-addresses.js';
import { checkReferences } from './check-references.js';
import { checkSockets } from './check-sockets.js';

/** The configuration of a gateway as a whole: what each part may be, and whether the parts fit one another. */
export const gatewayConfiguration = gatewayConfigurationShape
  .superRefine(checkSockets)
  .superRefine(checkOwnAddresses)
  // Also when something else is wrong: who mends a configuration wants to see all of it.
  .superRefine(checkReferences, { when: () => true });
