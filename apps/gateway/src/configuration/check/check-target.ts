import { splitLocation } from '../../routes/model/redirect.js';
import type { PathPattern } from '../../http/path-pattern.js';
import { withoutPrefix } from '../../http/strip-prefix.js';
import type { Report } from './check-references.js';
import { matchablePattern, normalPattern } from './matchable-pattern.js';
import type { RouteConfig } from '../schema/route.schema.js';

/** Finds routes that lead nowhere or to two things, and paths that cannot be filled in. */
export function checkTarget(route: RouteConfig, from: PathPattern, index: number, report: Report): void {
  const kinds = (['service', 'redirect', 'answer'] as const).filter((kind) => route[kind] !== undefined);
  if (kinds.length !== 1) {
    report(['routes', index], 'needs one of service, redirect and answer, and no more than one');
  }
  checkForService(route, index, report);
  checkRewrite(route, from, index, report);
  checkRedirect(route, from, index, report);
  checkCors(route, index, report);
}

/** What changes the request to a service does nothing without one. */
function checkForService(route: RouteConfig, index: number, report: Report): void {
  if (route.service !== undefined) return;
  for (const option of ['rewrite', 'stripPrefix'] as const) {
    if (route[option] !== undefined) report(['routes', index, option], 'does nothing on a route without a service');
  }
  const { set, add, remove } = route.requestHeaders;
  if (Object.keys({ ...set, ...add }).length + remove.length > 0) {
    report(['routes', index, 'requestHeaders'], 'does nothing on a route without a service');
  }
}

function checkRewrite(route: RouteConfig, from: PathPattern, index: number, report: Report): void {
  const { rewrite, stripPrefix, path } = route;
  if (stripPrefix !== undefined) {
    const at = ['routes', index, 'stripPrefix'];
    const to = withoutPrefix(path, stripPrefix);
    if (rewrite !== undefined) report(at, 'does not go with rewrite');
    else if (to === undefined) report(at, 'is not how the path begins');
    else matchablePattern(to, at, route, report);
  }
  if (rewrite === undefined) return;
  const at = ['routes', index, 'rewrite'];
  const to = matchablePattern(rewrite, at, route, report);
  if (to !== undefined) checkFilled(to, from, at, report);
}

function checkRedirect(route: RouteConfig, from: PathPattern, index: number, report: Report): void {
  if (route.redirect === undefined) return;
  const at = ['routes', index, 'redirect', 'to'];
  const to = normalPattern(splitLocation(route.redirect.to).path, at, route, report);
  if (to !== undefined) checkFilled(to, from, at, report);
}

function checkFilled(to: PathPattern, from: PathPattern, at: (string | number)[], report: Report): void {
  if (to.hasRest && !from.hasRest) report(at, 'ends in /**, but the path does not');
  const known = new Set(from.segments.map((segment) => ('parameter' in segment ? segment.parameter : '')));
  for (const segment of to.segments) {
    if ('parameter' in segment && !known.has(segment.parameter)) report(at, `the path has no {${segment.parameter}}`);
  }
}

/** Two hands on one header would contradict each other. */
function checkCors({ cors, answerHeaders }: RouteConfig, index: number, report: Report): void {
  if (cors === undefined) return;
  const { set, add, remove } = answerHeaders;
  const named = [
    ...Object.keys(set).map((name) => ['set', name] as const),
    ...Object.keys(add).map((name) => ['add', name] as const),
    ...remove.map((name, at) => [`remove`, name, at] as const),
  ];
  for (const [change, name, at] of named) {
    if (!/^access-control-/i.test(name)) continue;
    report(['routes', index, 'answerHeaders', change, at ?? name], 'is written by the cors of this route');
  }
}
