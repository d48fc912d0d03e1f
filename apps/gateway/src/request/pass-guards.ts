import type { IncomingMessage, ServerResponse } from 'node:http';

import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';

import { Refusal } from '@libs/errors';

/** A guard as it is called here: what it says is looked at, whatever its types promise. */
type Guard = Pick<CanActivate, 'canActivate'>;

/**
 * Asks guards one after the other, as Nest does. Returns only when each has said `true` and nothing else: of what is
 * merely truthy, such as an Observable that nobody listened to, nobody knows what it means.
 */
export async function passGuards(guards: readonly Guard[], execution: ExecutionContext): Promise<void> {
  for (const guard of guards) {
    const verdict: unknown = await guard.canActivate(execution);
    if (verdict !== true) throw deniedBy(guard);
  }
}

export const deniedBy = (guard: Guard): Refusal =>
  new Refusal('ACCESS_DENIED', { internal: `${guard.constructor.name} did not say true` });

/** What guards look at, in the shape of Fastify's request and reply. */
export const executionOf = (request: IncomingMessage, response: ServerResponse | undefined): ExecutionContext =>
  new ExecutionContextHost([{ raw: request, headers: request.headers }, { raw: response }]);
