import { isForbiddenPath } from '../http/forbidden-path.js';
import { otherReadings } from './other-readings.js';
import type { RoutableRequest } from './model/routable-request.js';
import type { RouteModel } from './model/route.model.js';
import type { RouteTable } from './table/route-table.js';

/**
 * Whether a service that reads the path in another way would see one that belongs to another route, or to none: what was
 * decided for this route would be done to that. `found` is the route of the path as it is.
 */
export function hidesAnother(table: RouteTable, request: RoutableRequest, found: RouteModel | undefined): boolean {
  const { method, host, path, query, headers } = request;
  return otherReadings(path, found?.keepsEncodedSlashes === true).some((reading) => {
    if (isForbiddenPath(reading)) return true;
    const other = table.find({ method, host, path: reading, query, headers });
    return other !== undefined && other.id !== found?.id;
  });
}
