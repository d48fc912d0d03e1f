import { ownRouteIds } from '../../routes/own-routes.js';
import { spelling } from '../../http/header-rules.js';
import type { HeaderChangesConfig } from '../schema/header-changes.schema.js';
import type { RouteConfig } from '../schema/route.schema.js';
import type { Reviewed } from './reviewed.js';

/** What a route says of itself twice, and differently. */
export function reviewRoutes(review: Reviewed): void {
  const { configuration, mistake, warning } = review;
  const { accounts, authentication, routes } = configuration;
  routes.forEach((route, index) => {
    const at = (...path: (string | number)[]): (string | number)[] => ['routes', index, ...path];
    const { access, cors, methods, redirect, cost, rateLimits } = route;
    if (ownRouteIds.has(route.id)) mistake(at('id'), 'is the name of an address of the gateway itself');
    if (access.withoutSecondFactor && !access.authenticated) {
      mistake(at('access', 'withoutSecondFactor'), 'is about members, and this route asks nobody who they are');
    } else if (access.withoutSecondFactor && accounts.resolver === 'none') {
      warning(at('access', 'withoutSecondFactor'), 'does nothing: nobody knows tenants that ask for a second factor');
    }
    if (access.withoutTenant && !access.authenticated) {
      mistake(at('access', 'withoutTenant'), 'is about people, and this route asks nobody who they are');
    } else if (access.withoutTenant && !access.methods.includes('jwt')) {
      mistake(at('access', 'withoutTenant'), 'is about people who have logged in, and this route takes API keys alone');
    } else if (access.withoutTenant && accounts.resolver === 'none') {
      warning(at('access', 'withoutTenant'), 'does nothing: nobody knows who has a tenant');
    }
    cors?.methods?.forEach((method, place) => {
      const isTaken =
        methods === undefined || methods.includes(method) || (method === 'HEAD' && methods.includes('GET'));
      if (!isTaken) mistake(at('cors', 'methods', place), 'is no method of this route');
    });
    if (redirect !== undefined && leadsBack(route)) mistake(at('redirect', 'to'), 'leads to where it comes from');
    if (cost > 1 && rateLimits.length === 0 && authentication.apiKeys.resolver === 'none') {
      warning(at('cost'), 'is spent from limits, and there are none');
    }
    rateLimits.forEach((name, place) => {
      if (rateLimits.indexOf(name) !== place) warning(at('rateLimits', place), 'is there twice, and spent from once');
    });
    for (const changes of ['requestHeaders', 'answerHeaders'] as const) {
      for (const [name, place] of removedAndSet(route[changes])) {
        mistake(at(changes, 'remove', place), `${name} is set, too`);
      }
    }
  });
}

/** With another host or another scheme it may be another place. */
const leadsBack = ({ path, redirect }: RouteConfig): boolean => redirect?.to === path;

const removedAndSet = ({ set, remove }: HeaderChangesConfig): (readonly [string, number])[] => {
  const named = new Set(Object.keys(set).map(spelling));
  return remove.flatMap((name, place) => (named.has(spelling(name)) ? [[name, place] as const] : []));
};
