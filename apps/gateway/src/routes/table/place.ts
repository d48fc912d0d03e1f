import type { ProxiedMethod } from '../../http/methods.js';
import { Candidates } from './candidates.js';
import type { RoutableRequest } from '../model/routable-request.js';
import type { RouteModel } from '../model/route.model.js';

/** The routes of one host and one path pattern: told apart by method, then by headers, query and priority. */
export class Place {
  private readonly byMethod: ReadonlyMap<string, Candidates> | undefined;
  private readonly anyMethod: Candidates | undefined;
  /** Set if it takes everything that comes here. */
  private readonly unconditional: RouteModel | undefined;

  constructor(readonly routes: readonly RouteModel[]) {
    const unnamed = routes.filter(({ methods }) => methods === undefined);
    this.anyMethod = unnamed.length === 0 ? undefined : new Candidates(unnamed);
    this.byMethod = unnamed.length === routes.length ? undefined : groupByMethod(routes);
    this.unconditional = this.byMethod === undefined ? this.anyMethod?.unconditional : undefined;
  }

  /**
   * A route that names the method goes before one that takes all of them. HEAD asks for the headers that GET would
   * bring (RFC 9110 §9.3.2), so a route of GET takes it where none names it.
   */
  find(request: RoutableRequest): RouteModel | undefined {
    if (this.unconditional !== undefined) return this.unconditional;
    if (this.byMethod !== undefined) {
      const { method } = request;
      const named =
        this.byMethod.get(method)?.find(request) ??
        (method === 'HEAD' ? this.byMethod.get('GET')?.find(request) : undefined);
      if (named !== undefined) return named;
    }
    return this.anyMethod?.find(request);
  }
}

function groupByMethod(routes: readonly RouteModel[]): ReadonlyMap<string, Candidates> {
  const groups = new Map<ProxiedMethod, RouteModel[]>();
  for (const route of routes) {
    for (const method of route.methods ?? []) {
      const group = groups.get(method);
      if (group === undefined) groups.set(method, [route]);
      else group.push(route);
    }
  }
  return new Map([...groups].map(([method, group]) => [method, new Candidates(group)]));
}
