import { endOfSegment, type PathBranch } from './path-branch.js';
import { PathLeaf } from './path-leaf.js';
import type { PathPattern } from '../../http/path-pattern.js';
import type { Place } from './place.js';
import type { RoutableRequest } from '../model/routable-request.js';
import type { RouteModel } from '../model/route.model.js';

/** Several patterns that begin alike: a literal is tried before a parameter, and a parameter before `/**`. */
export class PathNode implements PathBranch {
  private readonly literals = new Map<string, PathBranch>();
  private parameter: PathBranch | undefined = undefined;
  /** Routes whose pattern ends here. */
  private exact: Place | undefined = undefined;
  /** Routes whose pattern ends here with `/**`. */
  private rest: Place | undefined = undefined;

  /** `depth`: how many segments of the pattern lead here. */
  add(pattern: PathPattern, place: Place, depth: number): void {
    const segment = pattern.segments[depth];
    if (segment === undefined) {
      if (pattern.hasRest) this.rest = place;
      else this.exact = place;
    } else if ('literal' in segment) {
      this.literals.set(segment.literal, grown(this.literals.get(segment.literal), pattern, place, depth + 1));
    } else {
      this.parameter = grown(this.parameter, pattern, place, depth + 1);
    }
  }

  find(request: RoutableRequest, start: number): RouteModel | undefined {
    const { path } = request;
    if (start > path.length) return this.exact?.find(request) ?? this.rest?.find(request);
    const end = endOfSegment(path, start);
    const found = this.literals.get(path.slice(start, end))?.find(request, end + 1);
    if (found !== undefined) return found;
    // A parameter stands for something: `/users/` is not `/users/{id}`.
    const below = end > start ? this.parameter?.find(request, end + 1) : undefined;
    return below ?? this.rest?.find(request);
  }

  *placesAt(path: string, start: number): Generator<Place> {
    if (start > path.length) {
      if (this.exact !== undefined) yield this.exact;
    } else {
      const end = endOfSegment(path, start);
      yield* this.literals.get(path.slice(start, end))?.placesAt(path, end + 1) ?? [];
      if (end > start) yield* this.parameter?.placesAt(path, end + 1) ?? [];
    }
    if (this.rest !== undefined) yield this.rest;
  }
}

/** A branch with one pattern more. */
function grown(branch: PathBranch | undefined, pattern: PathPattern, place: Place, depth: number): PathBranch {
  if (branch === undefined) return new PathLeaf(pattern, place, depth);
  const node = branch instanceof PathNode ? branch : new PathNode();
  if (branch instanceof PathLeaf) node.add(branch.pattern, branch.place, depth);
  node.add(pattern, place, depth);
  return node;
}
