import type { Explanation } from './explain-request.js';

/** Of routes that do not match at all, the nearest ones are enough. */
const othersShown = 10;

/** For people, one line after the other. */
export function* printExplanation(explanation: Explanation): Generator<string> {
  const { method, host, path, query } = explanation.request;
  yield `${method} ${path}${query}${host === '' ? '' : ` at ${host}`}`;
  yield explanation.outcome;
  yield* printRoutes(explanation);
  yield* printPolicies(explanation);
  yield* printUpstream(explanation);
}

function* printRoutes({ verdicts }: Explanation): Generator<string> {
  if (verdicts.length === 0) return;
  yield '';
  yield 'routes';
  const others = verdicts.filter(({ result }) => result === 'does-not-match');
  for (const { route, result, because } of verdicts) {
    if (result !== 'does-not-match') yield `  ${result === 'wins' ? '>' : ' '} ${route} ${because}`;
  }
  for (const { route, because } of others.slice(0, othersShown)) yield `    ${route} ${because}`;
  if (others.length > othersShown) yield `    and ${others.length - othersShown} more that do not match`;
}

function* printPolicies({ policies }: Explanation): Generator<string> {
  if (policies === undefined) return;
  const { addresses, access, rateLimits, route, service } = policies;
  yield '';
  yield 'policies';
  yield `  addresses: ${inWords(addresses) || 'all may call'}`;
  yield `  access: ${inWords(access)}`;
  yield* rateLimits.length === 0 ? ['  limits: none'] : rateLimits.map((limit) => `  limit: ${inWords(limit)}`);
  const { id: _id, access: _access, rateLimits: _limits, ...rest } = (route ?? {}) as Record<string, unknown>;
  yield* printParts('route', rest);
  yield* printParts('service', service ?? {});
}

function* printParts(name: string, parts: object): Generator<string> {
  for (const [key, value] of Object.entries(parts)) {
    const words = inWords(value);
    if (words !== '') yield `  ${name} ${key}: ${words}`;
  }
}

/** `connect 2s, headers 30s`; nothing of what is empty. */
function inWords(value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => inWords(item)).join(' ');
  if (typeof value !== 'object' || value === null) return String(value ?? '');
  return Object.entries(value)
    .map(([key, part]) => [key, inWords(part)] as const)
    .filter(([, words]) => words !== '')
    .map(([key, words]) => (words.includes(', ') ? `${key} (${words})` : `${key} ${words}`))
    .join(', ');
}

function* printUpstream({ upstream }: Explanation): Generator<string> {
  if (upstream === undefined) return;
  const { service, path, instance, instances, balance } = upstream;
  yield '';
  yield 'upstream';
  yield `  service ${service} sees ${path}`;
  yield `  instance ${instance ?? 'none is fit: 503'} (${balance}, ${instances} known)`;
}
