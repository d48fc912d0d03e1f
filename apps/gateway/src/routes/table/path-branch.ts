import type { Place } from './place.js';
import type { RoutableRequest } from '../model/routable-request.js';
import type { RouteModel } from '../model/route.model.js';

/** What follows some segments of a path. */
export interface PathBranch {
  /** The most specific route that takes the request. `start` is where the next segment begins; past the end, none. */
  find(request: RoutableRequest, start: number): RouteModel | undefined;
  /** All places that the path leads to from this segment on, the most specific first. */
  placesAt(path: string, start: number): Generator<Place>;
}

/** Where the segment that begins at `start` ends. */
export function endOfSegment(path: string, start: number): number {
  const slash = path.indexOf('/', start);
  return slash === -1 ? path.length : slash;
}
