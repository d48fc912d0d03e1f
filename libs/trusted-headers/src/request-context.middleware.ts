import type { IncomingMessage } from 'node:http';

import { Inject, Injectable, type NestMiddleware } from '@nestjs/common';

import { incomingContext } from './new-context.js';
import { runInContext } from './request-context.js';
import { type TrustedHeadersOptions, trustedHeadersOptions } from './trusted-headers.options.js';

/** Opens the context of an HTTP request before anything else of Nest runs; the guard fills in the caller. */
@Injectable()
export class RequestContextMiddleware implements NestMiddleware {
  constructor(@Inject(trustedHeadersOptions) private readonly options: TrustedHeadersOptions) {}

  use(request: IncomingMessage, _response: unknown, next: () => void): void {
    runInContext(incomingContext(request.headers, this.options.tracer, request.method), next);
  }
}
