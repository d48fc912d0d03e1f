import { Injectable } from '@nestjs/common';

import type { GatewayContext } from '../gateway-context.js';
import type { NamedRateLimit } from '../route/route.model.js';
import { LimitsGuard } from './limits.guard.js';

/** Once the caller is known: the limits of the route. */
@Injectable()
export class RateLimitGuard extends LimitsGuard {
  protected override limitsFor({ route }: GatewayContext): readonly NamedRateLimit[] {
    return route.rateLimits;
  }
}
