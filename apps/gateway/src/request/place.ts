import type { ServerResponse } from 'node:http';

/** Where a request stands among those that wait for their answer. */
export interface Place {
  readonly response: ServerResponse;
  /** -1: it has left. */
  index: number;
}
