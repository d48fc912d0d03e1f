import { Injectable, StandardSchemaValidationPipe } from '@nestjs/common';
import type { StandardSchemaV1 } from '@standard-schema/spec';

import { Refusal } from '@libs/errors';

import { toFieldErrors } from './field-errors.js';

/** Validates `@Body({ schema })`, `@Query({ schema })` and `@Param(…, { schema })`, and names every wrong field. */
@Injectable()
export class SchemaPipe extends StandardSchemaValidationPipe {
  protected override async validate<T>(value: unknown, schema: StandardSchemaV1): Promise<StandardSchemaV1.Result<T>> {
    const result = await schema['~standard'].validate(value);
    if (result.issues !== undefined)
      throw new Refusal('REQUEST_INVALID', { errors: toFieldErrors(result.issues, value) });
    return result as StandardSchemaV1.Result<T>;
  }
}
