import type { IncomingHttpHeaders } from 'node:http';

import { Refusal } from '@libs/errors';
import { anonymous } from '@libs/trusted-headers';

import { Balancer } from '../../instances/pool/balancer.js';
import type { Service } from '../../instances/pool/service.js';
import type { Snapshot } from '../../runtime/snapshot.js';
import { normalisePath } from '../../http/normalise-path.js';
import { parseRequestTarget } from '../../http/request-target.js';
import { explainRoute } from '../../routes/explain-route.js';
import { isForbiddenPath } from '../../http/forbidden-path.js';
import { rewritePath } from '../../http/rewrite-path.js';
import type { RouteModel } from '../../routes/model/route.model.js';
import type { RoutableRequest } from '../../routes/model/routable-request.js';
import { type Policies, policiesOf } from './policies-of.js';

export interface AskedRequest {
  readonly method: string;
  /** With or without scheme and host. */
  readonly url: string;
  /** Names in any case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly clientAddress?: string | undefined;
}

interface Verdict {
  readonly route: string;
  readonly result: 'wins' | 'loses' | 'does-not-match';
  readonly because: string;
}

export interface Explanation {
  readonly request: { readonly method: string; readonly host: string; readonly path: string; readonly query: string };
  /** What the gateway would do first: go by a route, or refuse. */
  readonly outcome: string;
  readonly verdicts: readonly Verdict[];
  /** Absent when no route wins. */
  readonly policies?: Policies;
  /** Absent when the route leads to no service. */
  readonly upstream?: {
    readonly service: string;
    readonly path: string;
    /** Null when none is fit. */
    readonly instance: string | null;
    readonly instances: number;
    readonly balance: string;
  };
}

/** What would become of a request: which route wins and why not the others, what it has to pass, and where it goes. */
export function explainRequest(snapshot: Snapshot, asked: AskedRequest): Explanation {
  const request = read(asked, snapshot);
  if (request instanceof Refusal) {
    const { method, url } = asked;
    return { request: { method, host: '', path: url, query: '' }, outcome: refused(request), verdicts: [] };
  }
  const { method, host, path, query } = request;
  const { outcome, winner, verdicts } = explainRoute(snapshot.routes, request);
  return {
    request: { method, host, path, query },
    outcome: outcomes[outcome],
    verdicts: verdicts.map(({ route, result, because }) => ({ route: route.id, result, because })),
    ...(winner === undefined ? {} : { policies: policiesOf(snapshot, winner), ...upstreamOf(winner, request, asked) }),
  };
}

const outcomes = {
  found: 'a route takes it',
  'other-method': '405: the routes at this path take other methods',
  none: '404: no route leads there',
  forbidden: '404: this path is never reachable through the gateway',
  'encoded-slash': '400: the route takes no encoded slashes',
  ambiguous: '400: without its parameters, or decoded once more, the path belongs to another route',
} as const;

const refused = ({ entry, message }: Refusal): string => `${entry.status}: ${message}`;

function read({ method, url, headers }: AskedRequest, snapshot: Snapshot): RoutableRequest | Refusal {
  try {
    const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    const { path, query, authority } = parseRequestTarget(url);
    return {
      method: method.toUpperCase(),
      host: lower['host'] ?? authority ?? 'localhost',
      path: normalisePath(path, snapshot.routes),
      query,
      headers: lower as IncomingHttpHeaders,
    };
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

function upstreamOf({ target }: RouteModel, { path, headers }: RoutableRequest, asked: AskedRequest) {
  if (target.kind !== 'service') return {};
  const { service, rewrite } = target;
  const sent = rewrite === undefined ? path : rewritePath(path, rewrite);
  const { name, config, models } = service;
  return {
    upstream: {
      service: name,
      path: isForbiddenPath(sent) ? `${sent}, which is never reachable: 404` : sent,
      instance: instanceFor(service, headers, asked.clientAddress ?? '127.0.0.1'),
      instances: models.length,
      balance: config.balance,
    },
  };
}

/** The balancer is asked as for a request, which is then called off: it learns nothing from it. */
function instanceFor(service: Service, headers: IncomingHttpHeaders, clientAddress: string): string | null {
  const balancer = new Balancer();
  try {
    const instance = balancer.pick(service, { clientAddress, headers, identity: anonymous });
    balancer.giveBack(instance);
    return instance.model.origin;
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}
