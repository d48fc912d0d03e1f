import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Observable } from 'rxjs';

import { UnreadMessage } from './unread-message.js';

/** Reads the message of a call, which runs after the guard: who may not call has nothing read, and learns nothing of it. */
@Injectable()
export class GrpcDecodingInterceptor implements NestInterceptor {
  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    // Nest calls the handler with this same array.
    const args = execution.getArgs<unknown[]>();
    if (args[0] instanceof UnreadMessage) args[0] = args[0].read();
    return next.handle();
  }
}
