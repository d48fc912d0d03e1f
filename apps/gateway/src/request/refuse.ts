import type { ServerResponse } from 'node:http';

import { toRefusal } from '@libs/service';

import type { GatewayContext } from './gateway-context.js';
import { spendDeferredAddressLimit } from './deferred-address-limit.js';
import { answerRefusal } from './answer-refusal.js';

/** What guards, controllers and the forwarder throw becomes an answer. One that cost nothing would be one more guess. */
export async function refuse(context: GatewayContext, response: ServerResponse, error: unknown): Promise<void> {
  // It was answered while it waited for something, and the answer is not to be broken off.
  if (response.writableEnded) return;
  let reason = error;
  if (context.deferredAddressLimit !== undefined) {
    try {
      await spendDeferredAddressLimit(context);
    } catch (unpaid) {
      reason = unpaid;
    }
  }
  answerRefusal(response, context, toRefusal(reason));
}
