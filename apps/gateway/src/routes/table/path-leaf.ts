import { endOfSegment, type PathBranch } from './path-branch.js';
import type { PathPattern } from '../../http/path-pattern.js';
import type { Place } from './place.js';
import type { RoutableRequest } from '../model/routable-request.js';
import type { RouteModel } from '../model/route.model.js';

/** The one pattern that is left: its last segments are compared one by one, which costs less than looking them up. */
export class PathLeaf implements PathBranch {
  private readonly hasRest: boolean;
  /** Undefined stands for a parameter. */
  private readonly segments: readonly (string | undefined)[];

  constructor(
    readonly pattern: PathPattern,
    readonly place: Place,
    /** How many segments of the pattern lead here. */
    depth: number,
  ) {
    this.hasRest = pattern.hasRest;
    this.segments = pattern.segments
      .slice(depth)
      .map((segment) => ('literal' in segment ? segment.literal : undefined));
  }

  find(request: RoutableRequest, start: number): RouteModel | undefined {
    return this.matches(request.path, start) ? this.place.find(request) : undefined;
  }

  *placesAt(path: string, start: number): Generator<Place> {
    if (this.matches(path, start)) yield this.place;
  }

  private matches(path: string, start: number): boolean {
    let at = start;
    for (const literal of this.segments) {
      if (at > path.length) return false;
      const end = endOfSegment(path, at);
      // A parameter stands for something: `/users/` is not `/users/{id}`.
      if (literal === undefined ? end === at : end - at !== literal.length || !path.startsWith(literal, at))
        return false;
      at = end + 1;
    }
    return this.hasRest || at > path.length;
  }
}
