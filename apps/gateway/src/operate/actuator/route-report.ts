import type { RouteConfig } from '../../configuration/schema/route.schema.js';

/** A route as Spring Cloud Gateway lists it. */
export interface RouteReport {
  readonly route_id: string;
  readonly predicate: string;
  readonly filters: readonly string[];
  readonly uri: string;
  readonly order: number;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A route as Spring Cloud Gateway shows a single one. */
export interface RouteDefinition {
  readonly id: string;
  readonly predicates: readonly Part[];
  readonly filters: readonly Part[];
  readonly uri: string;
  readonly order: number;
  readonly metadata: Readonly<Record<string, unknown>>;
}

interface Part {
  readonly name: string;
  readonly args: Readonly<Record<string, string>>;
}

export const reportRoute = (route: RouteConfig): RouteReport => ({
  route_id: route.id,
  predicate: predicatesOf(route).map(inWords).join(' && '),
  filters: filtersOf(route).map((filter, index) => `[[${inWords(filter)}], order = ${index + 1}]`),
  uri: uriOf(route),
  order: orderOf(route),
  metadata: metadataOf(route),
});

export const defineRoute = (route: RouteConfig): RouteDefinition => ({
  id: route.id,
  predicates: predicatesOf(route),
  filters: filtersOf(route),
  uri: uriOf(route),
  order: orderOf(route),
  metadata: metadataOf(route),
});

const part = (name: string, values: readonly string[]): Part => ({
  name,
  args: Object.fromEntries(values.map((value, index) => [`_genkey_${index}`, value])),
});

const predicatesOf = ({ host, methods, path, headers, query }: RouteConfig): Part[] => [
  part('Path', [path]),
  ...(host === undefined ? [] : [part('Host', [host])]),
  ...(methods === undefined ? [] : [part('Method', methods)]),
  ...headers.map(({ name }) => part('Header', [name])),
  ...query.map(({ name }) => part('Query', [name])),
];

/** Values of headers are left out: some are secrets that the configuration took from its environment. */
const filtersOf = (route: RouteConfig): Part[] => [
  ...(route.stripPrefix === undefined ? [] : [part('StripPrefix', [route.stripPrefix])]),
  ...(route.rewrite === undefined ? [] : [part('RewritePath', [route.path, route.rewrite])]),
  ...(route.redirect === undefined ? [] : [part('RedirectTo', [String(route.redirect.status), route.redirect.to])]),
  ...(route.answer === undefined ? [] : [part('SetStatus', [String(route.answer.status)])]),
  ...Object.keys(route.requestHeaders.set).map((name) => part('SetRequestHeader', [name])),
  ...Object.keys(route.requestHeaders.add).map((name) => part('AddRequestHeader', [name])),
  ...route.requestHeaders.remove.map((name) => part('RemoveRequestHeader', [name])),
  ...Object.keys(route.answerHeaders.set).map((name) => part('SetResponseHeader', [name])),
  ...Object.keys(route.answerHeaders.add).map((name) => part('AddResponseHeader', [name])),
  ...route.answerHeaders.remove.map((name) => part('RemoveResponseHeader', [name])),
  ...route.rateLimits.map((name) => part('RequestRateLimiter', [name])),
];

const inWords = ({ name, args }: Part): string => `${name}: [${Object.values(args).join(', ')}]`;

const uriOf = ({ service, redirect }: RouteConfig): string =>
  service === undefined ? (redirect?.to ?? 'no://op') : `lb://${service}`;

/** There, the lower goes first. */
const orderOf = ({ priority }: RouteConfig): number => (priority === 0 ? 0 : -priority);

const metadataOf = ({ access, timeouts }: RouteConfig): Record<string, unknown> => ({ access, timeouts });
