import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { z } from 'zod';

import type { FieldError } from '@libs/errors';

type Issue = StandardSchemaV1.Issue &
  Partial<Pick<z.core.$ZodIssueBase, 'code'>> & {
    readonly keys?: readonly string[];
    readonly origin?: string;
  };

/** Input decides how many mistakes there are and how long their names: an answer shows the first few, shortened. */
const maxErrors = 20;
const maxFieldLength = 100;

const sized = new Set(['string', 'array', 'set', 'map', 'object', 'file']);

/** What a schema found wrong with `value`, in the words of the problem's `errors`. `within` names the value itself. */
export function toFieldErrors(
  issues: readonly StandardSchemaV1.Issue[],
  value: unknown,
  within: string | undefined = undefined,
): FieldError[] {
  return (issues as readonly Issue[])
    .slice(0, maxErrors)
    .flatMap((issue) => describe(issue, value, within === undefined ? [] : [within]))
    .slice(0, maxErrors)
    .map((error) => ({ ...error, field: error.field.slice(0, maxFieldLength) }));
}

function describe(issue: Issue, value: unknown, parents: readonly string[]): FieldError[] {
  const path = (issue.path ?? []).map((segment) => (typeof segment === 'object' ? segment.key : segment));
  if (issue.code === 'unrecognized_keys') {
    return (issue.keys ?? []).slice(0, maxErrors).map((key) => ({
      field: [...parents, ...path, key].map(String).join('.'),
      code: 'UNKNOWN_FIELD',
      message: 'This field is not known.',
    }));
  }
  const isMissing = valueAt(value, path) === undefined;
  const field = [...parents, ...path].map(String).join('.');
  return [
    {
      field,
      code: isMissing ? 'REQUIRED' : codeOf(issue),
      message: isMissing ? 'This field is required.' : issue.message,
    },
  ];
}

function codeOf({ code, origin = '' }: Issue): string {
  switch (code) {
    case 'invalid_type':
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
      return 'WRONG_TYPE';
    case 'too_small':
      return sized.has(origin) ? 'TOO_SHORT' : 'TOO_SMALL';
    case 'too_big':
      return sized.has(origin) ? 'TOO_LONG' : 'TOO_BIG';
    case 'invalid_format':
      return 'INVALID_FORMAT';
    case 'invalid_value':
    case 'not_multiple_of':
      return 'NOT_ALLOWED';
    default:
      return 'INVALID';
  }
}

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce((part, key) => (part as Record<PropertyKey, unknown> | null | undefined)?.[key], value);
