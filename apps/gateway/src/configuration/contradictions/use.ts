import type { Reviewed } from './reviewed.js';

/** What has a name that nobody uses. A misspelt name shows here, too. */
export function reviewUse({ configuration, warning }: Reviewed): void {
  const { routes, services, rateLimits, addresses } = configuration;
  const servicesInUse = new Set(routes.map(({ service }) => service));
  for (const name of Object.keys(services)) {
    if (!servicesInUse.has(name)) warning(['services', name], 'is the service of no route');
  }
  const limitsInUse = new Set([...addresses.rateLimits, ...routes.flatMap((route) => route.rateLimits)]);
  for (const name of Object.keys(rateLimits)) {
    if (!limitsInUse.has(name)) warning(['rateLimits', name], 'limits nothing: no route and no address list names it');
  }
}
