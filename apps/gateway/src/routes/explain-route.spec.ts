import { compileSnapshot } from '../runtime/snapshot.js';
import { readRequest, readRoutes } from './case-routes.fixture.js';
import { explainRoute, type RouteExplanation } from './explain-route.js';

const { routes: table } = compileSnapshot(
  readRoutes(
    [
      'exact    /things/mine GET api.example.com',
      'one      /things/{id} * api.example.com',
      'beta     /things/{id} * api.example.com header:X-Beta',
      'betas    /things/{id} * api.example.com header:X-Beta priority:1 query:v=1',
      'low      /things/{id} * api.example.com header:X-Beta=no priority:-1',
      'post     /things/{id} POST api.example.com',
      'rest     /things/** * *.example.com',
      'anywhere /**',
      'elsewhere /** * other.example.com',
      'kept     /files/** * files.example.com slashes:keep',
    ].join('\n'),
  ),
);

const explain = (line: string): RouteExplanation => explainRoute(table, readRequest(line));

const verdictsOf = (line: string): Record<string, string> =>
  Object.fromEntries(
    explain(line)
      .verdicts.filter(({ route }) => route.target.kind !== 'own')
      .map(({ route, result, reason }) => [route.id, `${result}: ${reason}`]),
  );

describe('explainRoute', () => {
  it('names the winner, who loses to it and by what, and what is wrong with the rest', () => {
    expect(verdictsOf('GET /things/7?v=1 api.example.com header:X-Beta=yes')).toEqual({
      betas: 'wins: most-specific',
      beta: 'loses: fewer-query',
      one: 'loses: fewer-headers',
      rest: 'loses: less-specific-host',
      anywhere: 'loses: less-specific-host',
      post: 'does-not-match: method',
      low: 'does-not-match: header',
      exact: 'does-not-match: path',
      elsewhere: 'does-not-match: host',
      kept: 'does-not-match: host',
    });
  });

  it.each([
    { request: 'POST /things/7 api.example.com', route: 'one', verdict: 'loses: less-specific-method' },
    { request: 'GET /things/mine api.example.com', route: 'one', verdict: 'loses: less-specific-path' },
    { request: 'GET /things/7 api.example.com header:X-Beta=no', route: 'low', verdict: 'loses: lower-priority' },
    { request: 'GET /things/7 api.example.com header:X-Beta=1', route: 'betas', verdict: 'does-not-match: query' },
    { request: 'GET /health api.example.com', route: 'anywhere', verdict: 'loses: gateway-answers-first' },
    { request: 'GET /internal/users x.example', route: 'anywhere', verdict: 'loses: refused' },
  ])('of $request says that $route $verdict', ({ request, route, verdict }) => {
    expect(verdictsOf(request)[route]).toBe(verdict);
  });

  it('puts what nearly matched before what never would', () => {
    const results = explain('GET /things/7 api.example.com').verdicts.map(
      ({ result, reason }) => `${result} ${reason}`,
    );
    expect(results[0]).toBe('wins most-specific');
    expect(results.indexOf('does-not-match method')).toBeLessThan(results.indexOf('does-not-match header'));
    expect(results.indexOf('does-not-match header')).toBeLessThan(results.indexOf('does-not-match path'));
    expect(results.indexOf('does-not-match path')).toBeLessThan(results.indexOf('does-not-match host'));
  });

  it.each([
    { request: 'GET /x x.example', outcome: 'found', winner: 'anywhere' },
    { request: 'TRACE /x x.example', outcome: 'other-method', winner: undefined },
    { request: 'GET /internal/users x.example', outcome: 'forbidden', winner: undefined },
    { request: 'GET /files/a%2Fb x.example', outcome: 'encoded-slash', winner: undefined },
    { request: 'GET /files/a%2Fb files.example.com', outcome: 'found', winner: 'kept' },
  ])('of $request says $outcome', ({ request, outcome, winner }) => {
    const explanation = explain(request);
    expect([explanation.outcome, explanation.winner?.id]).toEqual([outcome, winner]);
  });

  it('says so when nothing is there', () => {
    const { routes: small } = compileSnapshot(readRoutes('only /a'));
    expect(explainRoute(small, readRequest('GET /b'))).toMatchObject({ outcome: 'none', winner: undefined });
  });

  it('says in words what is asked for', () => {
    const because = explain('GET /things/7 api.example.com').verdicts.find(({ route }) => route.id === 'low')?.because;
    expect(because).toBe('asks for the header x-beta to be "no"');
  });
});
