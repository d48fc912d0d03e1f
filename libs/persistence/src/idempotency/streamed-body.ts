/**
 * A body that is too large for memory and read as it comes. With an Idempotency-Key it must be known before anything is
 * done with it, so whoever holds it keeps it somewhere meanwhile.
 */
export abstract class StreamedBody {
  /** The same for the same bytes and for no others. To be called before anything is read, and once. */
  abstract digest(): Promise<string>;

  /** Nobody will read it any more. */
  abstract release(): Promise<void>;
}
