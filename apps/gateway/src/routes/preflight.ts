import { membersOf } from '../http/list-field.js';
import type { RoutableRequest } from './model/routable-request.js';
import type { RouteTable } from './table/route-table.js';
import type { RouteModel } from './model/route.model.js';

/**
 * The route that answers a CORS preflight: that of the request which the browser wants to send. Of its headers only
 * the names are known, so a route that asks for a value of one of them counts as asked for. Undefined: it is no
 * preflight, or the route leaves these to its service.
 */
export function findPreflight(table: RouteTable, request: RoutableRequest): RouteModel | undefined {
  if (request.method !== 'OPTIONS') return undefined;
  const { host, path, query, headers } = request;
  const wanted = headers['access-control-request-method'];
  if (wanted === undefined || headers.origin === undefined) return undefined;

  const announced = new Set(membersOf((headers['access-control-request-headers'] ?? '').toLowerCase()));
  const proper: RoutableRequest = { method: wanted, host, path, query, headers, announced };
  const route = table.find(proper) ?? table.findWithAnyMethod(proper).find(({ cors }) => cors !== undefined);
  return route?.preflight;
}
