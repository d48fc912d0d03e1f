import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { contextOf } from '../request/gateway-context.js';
import { refuse } from '../request/refuse.js';

/** Takes what is thrown in Nest's hands: on the gateway's own addresses. */
@Catch()
export class RefusalFilter implements ExceptionFilter {
  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    reply.hijack();
    await refuse(contextOf(http.getRequest<FastifyRequest>()), reply.raw, error);
  }
}
