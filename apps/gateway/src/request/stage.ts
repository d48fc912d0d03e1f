import type { IncomingMessage, ServerResponse } from 'node:http';

import type { GatewayContext } from './gateway-context.js';
import type { ServiceTarget } from '../routes/model/route.model.js';

/** One request on its way through the pipeline. */
export interface Passage {
  readonly context: GatewayContext;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** `next`: the stage after this one goes on. `answered`: this one has answered or will, and nobody else does. */
export type Verdict = 'next' | 'answered';

/** A stage of the pipeline that is no guard. It refuses by throwing, and is asynchronous only where it waits. */
export interface Stage {
  pass(passage: Passage): Verdict | Promise<Verdict>;
}

/** Where a request goes that has come as far as to a service. */
export function serviceOf({ route }: GatewayContext): ServiceTarget {
  if (route.target.kind !== 'service') throw new Error(`The route ${route.id} leads to no service`);
  return route.target;
}
