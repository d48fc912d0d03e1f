import { Refusal } from '@libs/errors';
import { DatabaseUnavailable, isConnectionFailure } from '@libs/persistence';

/** The refusal with which a call ends whose handler threw this. What nobody foresaw is INTERNAL, with its cause. */
export function handlerRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  return isConnectionFailure(error) ? new DatabaseUnavailable(error) : new Refusal('INTERNAL', { cause: error });
}
