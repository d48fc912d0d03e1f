import type { IncomingHttpHeaders } from 'node:http';

/** What of a request may decide about its instance. */
export interface PickContext {
  readonly clientAddress: string;
  readonly headers: IncomingHttpHeaders;
  readonly identity: { readonly userId: string };
}
