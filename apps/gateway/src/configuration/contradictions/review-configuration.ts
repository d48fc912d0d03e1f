import type { Say } from '@libs/config';

import type { GatewayConfiguration } from '../schema/gateway-configuration.schema.js';
import { reviewAddresses } from './addresses.js';
import { reviewIdentity } from './identity.js';
import { reviewProportions } from './proportions.js';
import { reviewed } from './reviewed.js';
import { reviewRoutes } from './routes.js';
import { reviewUse } from './use.js';
import { reviewVain } from './vain.js';

/**
 * Finds options that contradict each other though each is right. What lets somebody in who should stay out, or leads in a
 * circle, stops the start already (the schema); this is what keeps out those who should come in, or does nothing. A
 * mistake can mean only one thing; what may be meant so, but seldom is, is a warning.
 */
export function reviewConfiguration(configuration: unknown, written: unknown, say: Say): void {
  const whole = reviewed(configuration as GatewayConfiguration, written, say);
  for (const review of [reviewAddresses, reviewIdentity, reviewRoutes, reviewProportions, reviewVain, reviewUse]) {
    review(whole);
  }
}
