import type { IncomingHttpHeaders } from 'node:http';

/** What the route table looks at. The context of a request is one. */
export interface RoutableRequest {
  readonly method: string;
  /** As the client named it, perhaps with a port. */
  readonly host: string;
  /** Normalised, without the query. */
  readonly path: string;
  /** With its question mark, or empty. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** Headers that the request proper will bring, with values that nobody knows yet: of a CORS preflight. */
  readonly announced?: ReadonlySet<string> | undefined;
}
