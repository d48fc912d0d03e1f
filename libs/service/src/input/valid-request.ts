import type { z } from 'zod';

import { Refusal } from '@libs/errors';

import { toFieldErrors } from './field-errors.js';

/** Holds a gRPC request to the same schema as its REST twin. */
export function validRequest<S extends z.ZodType>(schema: S, request: unknown): z.output<S> {
  const result = schema.safeParse(request);
  if (result.success) return result.data;
  throw new Refusal('REQUEST_INVALID', { errors: toFieldErrors(result.error.issues, request) });
}
