import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { toRefusal } from '@libs/service';

import { contextOf } from '../gateway-context.js';
import { payToll } from '../rate-limit/toll.js';
import { answerRefusal } from './answer-refusal.js';

/** Takes what guards and controllers throw. */
@Catch()
export class RefusalFilter implements ExceptionFilter {
  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const context = contextOf(http.getRequest<FastifyRequest>());
    reply.hijack();
    let reason = error;
    try {
      // A refusal that cost nothing would be one more guess.
      await payToll(context);
    } catch (unpaid) {
      reason = unpaid;
    }
    answerRefusal(reply.raw, context, toRefusal(reason));
  }
}
