import type { ErrorCode } from './catalogue.js';
import type { FieldError, Refusal } from './refusal.js';

export const problemMediaType = 'application/problem+json';

/** RFC 9457 problem details, with the members that Gatehouse adds. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly instance: string;
  readonly code: ErrorCode;
  readonly requestId: string;
  readonly errors?: readonly FieldError[];
}

/** `instance` is the path of the request, without its query: queries may carry secrets. */
export function toProblem(refusal: Refusal, at: { instance: string; requestId: string }): Problem {
  return {
    ...refusal.members,
    type: `urn:gatehouse:error:${refusal.code.toLowerCase().replaceAll('_', '-')}`,
    title: refusal.entry.title,
    status: refusal.entry.status,
    ...(refusal.detail === undefined ? {} : { detail: refusal.detail }),
    instance: at.instance,
    code: refusal.code,
    requestId: at.requestId,
    ...(refusal.errors.length === 0 ? {} : { errors: refusal.errors }),
  };
}
