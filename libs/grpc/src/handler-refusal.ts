import { Refusal } from '@libs/errors';
import { DatabaseUnavailable, isUnavailable } from '@libs/persistence';

/** The refusal with which a call ends whose handler threw this. What nobody foresaw is INTERNAL, with its cause. */
export function handlerRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  return isUnavailable(error) ? new DatabaseUnavailable(error) : new Refusal('INTERNAL', { cause: error });
}
