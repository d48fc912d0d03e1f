import { type CustomDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';

const idempotencyMode = Symbol('idempotencyMode');

/**
 * How a handler is made idempotent. `transaction`, the default, runs it in one transaction with the record of it: all or
 * nothing. `saga` is for a handler whose work spans services and can be run again from its start: the record comes
 * first, and after a crash the next request with the same key finishes the work.
 */
export type IdempotencyMode = 'transaction' | 'saga';

export const Idempotency = (mode: IdempotencyMode): CustomDecorator<symbol> => SetMetadata(idempotencyMode, mode);

/** What the handler says, or its class. */
export const idempotencyModeOf = (reflector: Reflector, execution: ExecutionContext): IdempotencyMode =>
  reflector.getAllAndOverride<IdempotencyMode | undefined>(idempotencyMode, [
    execution.getHandler(),
    execution.getClass(),
  ]) ?? 'transaction';
