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
  yield '';
  yield 'policies';
  yield `  addresses: ${JSON.stringify(policies.addresses)}`;
  yield `  access: ${JSON.stringify(policies.access)}`;
  if (policies.rateLimits.length === 0) yield '  limits: none';
  for (const limit of policies.rateLimits) yield `  limit: ${JSON.stringify(limit)}`;
  if (policies.route !== null) yield `  route: ${JSON.stringify(policies.route)}`;
  if (policies.service !== null) yield `  service: ${JSON.stringify(policies.service)}`;
}

function* printUpstream({ upstream }: Explanation): Generator<string> {
  if (upstream === undefined) return;
  const { service, path, instance, instances, balance } = upstream;
  yield '';
  yield 'upstream';
  yield `  service ${service} sees ${path}`;
  yield `  instance ${instance ?? 'none is fit: 503'} (${balance}, ${instances} known)`;
}
