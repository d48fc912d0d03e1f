import { PathNode } from './path-node.js';
import type { PathPattern } from '../../http/path-pattern.js';
import type { Place } from './place.js';
import type { RoutableRequest } from '../model/routable-request.js';
import type { RouteModel } from '../model/route.model.js';

/**
 * The routes of one host, or of any host. Paths without parameters are found in a map; the others in a trie of
 * segments. What a look-up costs depends on the length of the path, not on the number of routes.
 */
export class PathTable {
  private readonly fixed = new Map<string, Place>();
  private readonly root = new PathNode();

  add(pattern: PathPattern, place: Place): void {
    const isFixed = !pattern.hasRest && pattern.segments.every((segment) => 'literal' in segment);
    if (isFixed) this.fixed.set(pattern.text, place);
    else this.root.add(pattern, place, 0);
  }

  /** The most specific route that takes the request. */
  find(request: RoutableRequest): RouteModel | undefined {
    return this.fixed.get(request.path)?.find(request) ?? this.root.find(request, 1);
  }

  /** All places that the path leads to, the most specific first. */
  *placesAt(path: string): Generator<Place> {
    const fixed = this.fixed.get(path);
    if (fixed !== undefined) yield fixed;
    yield* this.root.placesAt(path, 1);
  }
}
