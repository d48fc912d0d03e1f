import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { toRefusal } from '@libs/service';

import { contextOf } from '../gateway-context.js';
import { answerRefusal } from './answer-refusal.js';

/** Takes what guards and controllers throw. */
@Catch()
export class RefusalFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    reply.hijack();
    answerRefusal(reply.raw, contextOf(http.getRequest<FastifyRequest>()), toRefusal(error));
  }
}
