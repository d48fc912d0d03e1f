import { type ErrorCode, type FieldError, Refusal } from '@libs/errors';

/** An answer as the store keeps it: the result of a handler, or the refusal that it ended with. */
export type KeptAnswer =
  | {
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body?: unknown;
    }
  | {
      readonly refused: ErrorCode;
      readonly detail?: string | undefined;
      readonly errors: readonly FieldError[];
    };

/** Refusals that come from the state that the request met; others may be different the next time it is sent. */
const keptStatuses = new Set([404, 409, 410, 412, 422]);

const ownRefusals = new Set<ErrorCode>(['IDEMPOTENCY_KEY_IN_USE', 'IDEMPOTENCY_KEY_REUSED']);

/** The refusal in the form that is kept; undefined if the same request should be tried afresh. */
export function keptRefusal(error: unknown): KeptAnswer | undefined {
  if (!(error instanceof Refusal) || !keptStatuses.has(error.entry.status) || ownRefusals.has(error.code)) {
    return undefined;
  }
  return { refused: error.code, detail: error.detail, errors: error.errors };
}
