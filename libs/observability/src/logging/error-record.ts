export interface ErrorRecord {
  readonly type: string;
  readonly code?: string | number;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: ErrorRecord;
}

/** A chain of causes may lead back to its start. */
const maxCauses = 5;

/**
 * What the log says of an error. Errors of libraries carry more, such as the statement that failed with all the values
 * it was to write; those belong to users, and the log is no place for them.
 */
export function errorRecord(error: unknown, causesLeft = maxCauses): ErrorRecord {
  if (typeof error !== 'object' || error === null) return { type: typeof error, message: String(error) };
  const { code, message, stack, cause } = error as Readonly<Record<string, unknown>>;
  return {
    type: error.constructor?.name ?? 'Object',
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    message: typeof message === 'string' ? message : '',
    ...(typeof stack === 'string' ? { stack } : {}),
    ...(cause === undefined || causesLeft === 0 ? {} : { cause: errorRecord(cause, causesLeft - 1) }),
  };
}
