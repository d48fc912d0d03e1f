import { All, Controller, Req, Res, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { answerDirectly } from '../answer/answer-directly.js';
import { contextOf } from '../gateway-context.js';
import { pipelineGuards } from '../pipeline.js';
import { Forwarder } from './forwarder.js';

/** Everything that a route says. The path is the context's: to Nest, all of it is `/`. */
@Controller()
@ApiExcludeController()
export class ProxyController {
  constructor(private readonly forwarder: Forwarder) {}

  @All()
  @UseGuards(...pipelineGuards)
  async proxy(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const context = contextOf(request);
    const { target } = context.route;
    if (target.kind === 'service') await this.forwarder.forward(context, request.raw, reply.raw);
    else answerDirectly(context, target, reply.raw);
    reply.hijack();
  }
}
