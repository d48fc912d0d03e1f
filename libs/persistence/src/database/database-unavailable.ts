import { Refusal } from '@libs/errors';

/** The database is away, or too busy for now: the caller may try again. A class, so that `Database` knows its own. */
export class DatabaseUnavailable extends Refusal {
  constructor(cause: unknown) {
    super('SERVICE_UNAVAILABLE', { internal: 'the database does not answer', headers: { 'retry-after': '1' }, cause });
  }
}
