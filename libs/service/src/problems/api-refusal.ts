import { ApiExtension } from '@nestjs/swagger';

import type { ErrorCode } from '@libs/errors';

/** Under which the API description finds them. */
export const refusalExtension = 'x-refusal-';

/**
 * Documents a refusal that an operation has besides those that follow from its route and from what it reads (its body, its
 * headers, the ids in its path). `when` says in which case it comes.
 */
export const ApiRefusal = (code: ErrorCode, when: string): MethodDecorator & ClassDecorator =>
  ApiExtension(`${refusalExtension}${code}`, when);
