import { Refusal } from '@libs/errors';

/** The database is away, too busy, or takes no writes for now: the caller may try again. A class, so that `Database` knows its own. */
export class DatabaseUnavailable extends Refusal {
  constructor(cause: unknown) {
    super('SERVICE_UNAVAILABLE', { internal: 'the database does not answer', headers: { 'retry-after': '1' }, cause });
  }
}
