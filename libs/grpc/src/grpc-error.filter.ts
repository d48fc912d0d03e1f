import { Catch, Logger, type RpcExceptionFilter } from '@nestjs/common';
import { type Observable, throwError } from 'rxjs';

import { Refusal } from '@libs/errors';

import { toGrpcStatus } from './status-details.js';

/** Renders every error of a `@GrpcService` as a gRPC status; what nobody foresaw becomes INTERNAL without its text. */
@Catch()
export class GrpcErrorFilter implements RpcExceptionFilter {
  readonly #logger = new Logger(GrpcErrorFilter.name);

  catch(error: unknown): Observable<never> {
    const refusal = error instanceof Refusal ? error : new Refusal('INTERNAL', { cause: error });
    if (refusal.code === 'INTERNAL') this.#logger.error(refusal.cause ?? refusal);
    return throwError(() => toGrpcStatus(refusal));
  }
}
