import type { ComparedClock } from '@libs/clock';
import type { Tracer } from '@libs/tracing';

export interface TrustedHeadersOptions {
  /** The name of this service: seals made for another one do not open here. */
  readonly audience: string;
  /** The master key that all services share. */
  readonly sealKey: Buffer;
  /** Begins a span for each request that is recorded. Whoever logs the request ends it. */
  readonly tracer?: Tracer | undefined;
  /** By which seals are in time; the clock of the process unless given. */
  readonly clock?: Pick<ComparedClock, 'now'> | undefined;
}

export const trustedHeadersOptions = Symbol('TrustedHeadersOptions');
