import { splitPath, type PathPattern } from '../http/path-pattern.js';
import type { Condition, Predicate } from './model/predicate.js';
import { plainHost } from '../http/host-name.js';
import { RequestValues } from './table/request-values.js';
import type { RoutableRequest } from './model/routable-request.js';
import type { RouteClaim } from './model/route-claim.js';

/** What of a request a route does not take, in the order in which it is looked at. */
export const mismatchLevels = ['host', 'path', 'header', 'query', 'method'] as const;
export type MismatchLevel = (typeof mismatchLevels)[number];

export interface Mismatch {
  readonly level: MismatchLevel;
  /** For people: `asks for X-Version: 2`. */
  readonly because: string;
}

/** Why a route does not take a request; undefined if it does. Goes from rule to rule, without the table. */
export function mismatchOf(claim: RouteClaim, request: RoutableRequest): Mismatch | undefined {
  if (!takesHost(claim.host, plainHost(request.host))) {
    return { level: 'host', because: `is for the host ${claim.host ?? ''}` };
  }
  if (!takesPath(claim.pattern, request.path)) return { level: 'path', because: `is for ${claim.pattern.text}` };
  const values = new RequestValues(request);
  const header = claim.headers.find((predicate) => !values.meetHeader(predicate));
  if (header !== undefined) return { level: 'header', because: `asks for the header ${sayPredicate(header)}` };
  const parameter = claim.query.find((predicate) => !values.meetParameter(predicate));
  if (parameter !== undefined) {
    return { level: 'query', because: `asks for the query parameter ${sayPredicate(parameter)}` };
  }
  if (!takesMethod(claim, request.method)) {
    return { level: 'method', because: `takes ${[...(claim.methods ?? [])].join(', ')} only` };
  }
  return undefined;
}

function takesHost(wanted: string | undefined, host: string): boolean {
  if (wanted === undefined || wanted === host) return true;
  return wanted.startsWith('*') && host.length > wanted.length - 1 && host.endsWith(wanted.slice(1));
}

function takesPath({ segments, hasRest }: PathPattern, path: string): boolean {
  const parts = splitPath(path);
  if (hasRest ? parts.length < segments.length : parts.length !== segments.length) return false;
  return segments.every((segment, index) =>
    'literal' in segment ? segment.literal === parts[index] : (parts[index] ?? '') !== '',
  );
}

function takesMethod({ methods }: RouteClaim, method: string): boolean {
  if (methods === undefined) return true;
  return methods.has(method as 'GET') || (method === 'HEAD' && methods.has('GET'));
}

function sayPredicate({ name, condition }: Predicate): string {
  return `${name} ${sayCondition(condition)}`;
}

function sayCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'is':
      return `to be ${[...condition.values].map((value) => JSON.stringify(value)).join(' or ')}`;
    case 'starts':
      return `to begin with ${JSON.stringify(condition.text)}`;
    case 'contains':
      return `to have ${JSON.stringify(condition.text)} in it`;
    case 'present':
      return 'to be there';
    case 'absent':
      return 'not to be there';
  }
}
