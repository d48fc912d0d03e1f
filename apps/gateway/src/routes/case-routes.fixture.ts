import { aConfiguration } from '../configuration/configuration.fixture.js';
import type {
  GatewayConfiguration,
  GatewayConfigurationInput,
} from '../configuration/schema/gateway-configuration.schema.js';
import type { RoutableRequest } from './model/routable-request.js';

type RouteInput = NonNullable<GatewayConfigurationInput['routes']>[number];

const conditions = { '=': 'is', '^=': 'startsWith', '*=': 'contains' } as const;

/** `name`, `!name`, `name=value`, `name=one|other`, `name^=start`, `name*=part`. */
function readPredicate(text: string) {
  const [, mark, name = '', operator, value = ''] = /^(!?)([\w-]+)(?:(\^=|\*=|=)(.*))?$/.exec(text) ?? [];
  if (mark === '!') return { name, present: false };
  if (operator === undefined) return { name };
  if (operator === '=' && value.includes('|')) return { name, oneOf: value.split('|') };
  return { name, [conditions[operator as keyof typeof conditions]]: value };
}

/** `id path [methods or *] [host or *] [header:…] [query:…] [priority:n] [slashes:keep]` */
export function readRoute(line: string): RouteInput {
  const [id = '', path = '', methods = '*', host = '*', ...options] = line.split(/\s+/);
  const of = (kind: string): string[] =>
    options.filter((option) => option.startsWith(`${kind}:`)).map((option) => option.slice(kind.length + 1));
  return {
    id,
    path,
    service: 'echo',
    access: { authenticated: false },
    ...(methods === '*' ? {} : { methods: methods.split(',') as 'GET'[] }),
    ...(host === '*' ? {} : { host }),
    headers: of('header').map(readPredicate),
    query: of('query').map(readPredicate),
    ...of('priority').reduce((_, priority) => ({ priority: Number(priority) }), {}),
    ...of('slashes').reduce((_, encodedSlashes) => ({ encodedSlashes: encodedSlashes as 'keep' }), {}),
  };
}

export const readRoutes = (lines: string): GatewayConfiguration =>
  aConfiguration({ routes: lines.split('\n').map(readRoute) });

/** `method path[?query] [host] [header:name=value …]` */
export function readRequest(line: string): RoutableRequest {
  const [method = '', url = '', ...rest] = line.split(' ');
  const [path = '', query] = url.split('?', 2);
  const fields = rest.filter((word) => word.startsWith('header:')).map((word) => word.slice(7).split('=', 2));
  return {
    method,
    path,
    query: query === undefined ? '' : `?${query}`,
    host: rest.find((word) => !word.startsWith('header:')) ?? 'any.example',
    headers: Object.fromEntries(fields.map(([name = '', value = '']) => [name.toLowerCase(), value])),
  };
}
