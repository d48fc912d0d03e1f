import { All, Controller, Req, Res, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { contextOf } from '../gateway-context.js';
import { pipelineGuards } from '../pipeline.js';
import { Forwarder } from './forwarder.js';

/** Everything that a route leads to a service. The path is the context's: to Nest, all of it is `/`. */
@Controller()
@ApiExcludeController()
export class ProxyController {
  constructor(private readonly forwarder: Forwarder) {}

  @All()
  @UseGuards(...pipelineGuards)
  async proxy(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.forwarder.forward(contextOf(request), request.raw, reply.raw);
    reply.hijack();
  }
}
