import { CandidateIndex } from './candidate-index.js';
import { RequestValues } from './request-values.js';
import type { RoutableRequest } from '../model/routable-request.js';
import type { RouteModel } from '../model/route.model.js';
import { compareWithinPlace } from './specificity.js';

/** From here on it is quicker to go by the values of the request than from route to route. */
const worthAnIndex = 8;

/** Routes that only headers, query and priority tell apart. */
export class Candidates {
  /** The most specific first. */
  private readonly ranked: readonly RouteModel[];
  private readonly index: CandidateIndex | undefined;
  /** Set if the first takes everything, which is nearly always so. */
  readonly unconditional: RouteModel | undefined;

  constructor(routes: readonly RouteModel[]) {
    this.ranked = routes.length === 1 ? routes : routes.toSorted(compareWithinPlace);
    this.index = this.ranked.length > worthAnIndex ? new CandidateIndex(this.ranked) : undefined;
    const [first] = this.ranked;
    this.unconditional = first?.headers.length === 0 && first.query.length === 0 ? first : undefined;
  }

  find(request: RoutableRequest): RouteModel | undefined {
    if (this.unconditional !== undefined) return this.unconditional;
    const values = new RequestValues(request);
    if (this.index !== undefined && request.announced === undefined) return this.index.find(values);
    for (const route of this.ranked) if (values.meet(route)) return route;
    return undefined;
  }
}
