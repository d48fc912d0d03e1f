import type { IncomingMessage, ServerResponse } from 'node:http';

import type { CanActivate } from '@nestjs/common';

import { answerDirectly } from '../stages/answer/answer-directly.js';
import { refuse } from '../request/refuse.js';
import type { GatewayContext } from '../request/gateway-context.js';
import { executionOf, passGuards } from '../request/pass-guards.js';
import { pipelineGuards } from '../pipeline.js';
import { isGrpc } from '../http/event-stream.js';
import type { Forwarder } from '../stages/forward/forwarder.js';
import { type AwaitedBodies, hasBody, RequestBody } from '../request/request-body.js';

/**
 * Does what a route says. It asks the guards by itself: by way of Fastify and Nest, which have nothing to add to
 * a request that they neither route nor answer, each one would cost a sixth more (docs/decisions/0009-hot-path.md).
 */
export class Proxy {
  /** Nest makes the guards. Without all of them, in the order of the pipeline, nothing is proxied. */
  constructor(
    private readonly guards: readonly CanActivate[],
    private readonly forwarder: Pick<Forwarder, 'forward'>,
    private readonly awaited: AwaitedBodies,
  ) {
    const isWhole = pipelineGuards.length > 0 && pipelineGuards.length === guards.length;
    if (!isWhole || !pipelineGuards.every((type, index) => guards[index] instanceof type)) {
      throw new Error('The guards are not those of the pipeline');
    }
  }

  /** Never rejects: what is thrown is the answer. */
  async serve(context: GatewayContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { target } = context.route;
    if (target.kind === 'service' && context.upgrade === undefined && hasBody(request)) {
      const isStream = isGrpc(context.headers['content-type']) && target.service.config.protocol === 'http2';
      context.body = new RequestBody(context, request, response, context.snapshot.headerRules, this.awaited, isStream);
    }
    try {
      await passGuards(this.guards, executionOf(request, response));
      if (target.kind === 'service') await this.forwarder.forward(context, request, response);
      else answerDirectly(context, target, response);
    } catch (error) {
      await refuse(context, response, error);
    }
  }
}
