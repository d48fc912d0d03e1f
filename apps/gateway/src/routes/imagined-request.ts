import type { IncomingHttpHeaders } from 'node:http';

import { normalisePath } from '../http/normalise-path.js';
import { parseRequestTarget } from '../http/request-target.js';
import type { RoutableRequest } from './model/routable-request.js';
import type { RouteTable } from './table/route-table.js';

/**
 * A request that nobody sent, as it would come to the table. `url` is a path, or absolute; without a host in either
 * place the request is for none. Throws the `Refusal` of the edge if its path would not come past it.
 */
export function imaginedRequest(
  table: RouteTable,
  method: string,
  url: string,
  headers: Readonly<Record<string, string>> = {},
): RoutableRequest {
  const lowerCase: IncomingHttpHeaders = {};
  for (const [name, value] of Object.entries(headers)) lowerCase[name.toLowerCase()] = value;
  const { path, query, authority } = parseRequestTarget(url);
  return {
    method: method.toUpperCase(),
    host: authority ?? lowerCase.host ?? '',
    path: normalisePath(path, table),
    query,
    headers: lowerCase,
  };
}
