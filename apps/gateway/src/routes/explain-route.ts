import { isProxiedMethod } from '../http/methods.js';
import { hasEncodedSlash } from '../http/encoded-slash.js';
import { isForbiddenPath, isOwnActuator } from '../http/forbidden-path.js';
import { hidesAnother } from './hides-another.js';
import { type MismatchLevel, mismatchLevels, mismatchOf } from './mismatch.js';
import type { RoutableRequest } from './model/routable-request.js';
import type { RouteModel } from './model/route.model.js';
import type { RouteTable } from './table/route-table.js';
import { compareSpecificity, type SpecificityLevel } from './table/specificity.js';

/**
 * `found`: a route wins. `other-method`: 405, the routes here take other methods. `none`: 404. `forbidden`: 404
 * whatever the routes say. `encoded-slash`: 400, the route does not keep them. `ambiguous`: 400, others may read another path.
 */
type RouteOutcome = 'found' | 'other-method' | 'none' | 'forbidden' | 'encoded-slash' | 'ambiguous';

/** What decided against a route: a rule that the request does not meet, or the level at which another goes before it. */
type VerdictReason =
  | 'most-specific'
  | MismatchLevel
  | 'gateway-answers-first'
  | 'less-specific-host'
  | 'less-specific-path'
  | 'less-specific-method'
  | 'fewer-headers'
  | 'fewer-query'
  | 'lower-priority'
  | 'refused';

interface RouteVerdict {
  readonly route: RouteModel;
  /** `loses`: it would take the request, but another route goes before it. */
  readonly result: 'wins' | 'loses' | 'does-not-match';
  readonly reason: VerdictReason;
  /** For people, to be read after the id of the route: `is for the host api.example.com`. */
  readonly because: string;
}

export interface RouteExplanation {
  readonly request: RoutableRequest;
  readonly outcome: RouteOutcome;
  readonly winner: RouteModel | undefined;
  /** All routes: the winner, those that lose to it, then the others, those that nearly match first. */
  readonly verdicts: readonly RouteVerdict[];
}

/**
 * Tells which route takes a request, which others would, and what is wrong with the rest. Says what the router
 * does, without doing it: a preflight counts as any request.
 */
export function explainRoute(table: RouteTable, request: RoutableRequest): RouteExplanation {
  const first = table.find(request);
  const outcome = outcomeOf(table, request, first);
  const winner = outcome === 'found' ? first : undefined;
  const verdicts = table.routes.map((route) => verdictOn(route, winner, request));
  return { request, outcome, winner, verdicts: verdicts.toSorted((a, b) => closeness(b) - closeness(a)) };
}

function outcomeOf(table: RouteTable, request: RoutableRequest, first: RouteModel | undefined): RouteOutcome {
  if (isForbiddenPath(request.path) && !isOwnActuator(request.path)) return 'forbidden';
  if (hasEncodedSlash(request.path) && first?.keepsEncodedSlashes !== true) return 'encoded-slash';
  if (hidesAnother(table, request, first)) return 'ambiguous';
  if (first !== undefined) return 'found';
  return table.findWithAnyMethod(request).length === 0 ? 'none' : 'other-method';
}

function verdictOn(route: RouteModel, winner: RouteModel | undefined, request: RoutableRequest): RouteVerdict {
  const mismatch = mismatchOf(route, request);
  if (mismatch !== undefined) {
    return { route, result: 'does-not-match', reason: mismatch.level, because: mismatch.because };
  }
  if (!isProxiedMethod(request.method)) {
    return { route, result: 'does-not-match', reason: 'method', because: 'takes only methods that are passed on' };
  }
  if (winner === undefined) {
    return { route, result: 'loses', reason: 'refused', because: 'would take it, but the path is refused' };
  }
  if (route === winner) return { route, result: 'wins', reason: 'most-specific', because: 'is the most specific' };
  return { route, result: 'loses', ...lossTo(winner, route, request.method) };
}

const losses: Readonly<Record<SpecificityLevel, readonly [VerdictReason, string]>> = {
  host: ['less-specific-host', 'names the host more closely'],
  path: ['less-specific-path', 'names the path more closely'],
  method: ['less-specific-method', 'names the method'],
  headers: ['fewer-headers', 'asks for more headers'],
  query: ['fewer-query', 'asks for more query parameters'],
  priority: ['lower-priority', 'has the higher priority'],
};

function lossTo(
  winner: RouteModel,
  route: RouteModel,
  method: string,
): { readonly reason: VerdictReason; readonly because: string } {
  if (winner.target.kind === 'own') {
    return { reason: 'gateway-answers-first', because: 'would take it, but the gateway itself answers here' };
  }
  const difference = compareSpecificity(winner, route, method);
  const [reason, what] = losses[difference?.level ?? 'priority'];
  return { reason, because: `would take it, but ${winner.id} ${what}` };
}

/** The winner, then who loses to it, then who fails only late. */
function closeness({ result, reason }: RouteVerdict): number {
  if (result === 'wins') return mismatchLevels.length + 1;
  return result === 'loses' ? mismatchLevels.length : mismatchLevels.indexOf(reason as MismatchLevel);
}
