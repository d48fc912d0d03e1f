import type { Tracer } from '@libs/tracing';

export interface TrustedHeadersOptions {
  /** The name of this service: seals made for another one do not open here. */
  readonly audience: string;
  /** The master key that all services share. */
  readonly sealKey: Buffer;
  /** Begins a span for each request that is recorded. Whoever logs the request ends it. */
  readonly tracer?: Tracer | undefined;
}

export const trustedHeadersOptions = Symbol('TrustedHeadersOptions');
