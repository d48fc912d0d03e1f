import type { IncomingMessage } from 'node:http';

import { Inject, Injectable, type NestMiddleware } from '@nestjs/common';

import { incomingContext } from './new-context.js';
import { isProbe } from './probes.js';
import { runInContext } from './request-context.js';
import { type TrustedHeadersOptions, trustedHeadersOptions } from './trusted-headers.options.js';

/** Opens the context of an HTTP request before anything else of Nest runs; the guard fills in the caller. */
@Injectable()
export class RequestContextMiddleware implements NestMiddleware {
  constructor(@Inject(trustedHeadersOptions) private readonly options: TrustedHeadersOptions) {}

  use(request: IncomingMessage & { readonly originalUrl?: string }, _response: unknown, next: () => void): void {
    // Nobody would end the span of a probe, and what a probe asks the database would be below it.
    const tracer = isProbe(request.originalUrl ?? request.url ?? '') ? undefined : this.options.tracer;
    runInContext(incomingContext(request.headers, tracer, request.method), next);
  }
}
