import { Catch, Logger, type RpcExceptionFilter } from '@nestjs/common';
import { type Observable, throwError } from 'rxjs';

import { handlerRefusal } from './handler-refusal.js';
import { toGrpcStatus } from './status-details.js';

/** Renders every error of a `@GrpcService` as a gRPC status; what nobody foresaw becomes INTERNAL without its text. */
@Catch()
export class GrpcErrorFilter implements RpcExceptionFilter {
  readonly #logger = new Logger(GrpcErrorFilter.name);

  catch(error: unknown): Observable<never> {
    const refusal = handlerRefusal(error);
    if (refusal.code === 'INTERNAL') this.#logger.error(refusal.cause ?? refusal);
    return throwError(() => toGrpcStatus(refusal));
  }
}
