import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

import { anonymous, type Identity, type RequestContext } from '@libs/trusted-headers';

import type { Instance } from '../instances/instance.js';
import type { Snapshot } from '../runtime/snapshot.js';
import type { ClientUpgrade } from './client-upgrade.js';
import type { TraceContext } from './trace-context.js';
import type { RequestBody } from './request-body.js';
import type { Flag } from './flag.js';
import type { Place } from './place.js';
import type { RouteLimit } from '../limits/route-limit.js';
import type { RequestQuota } from '../limits/planned-limit.js';
import type { DeferredAddressLimit } from './deferred-address-limit.js';
import type { RouteModel } from '../routes/model/route.model.js';

/** What the edge finds out before any other stage runs. */
export interface RequestFacts {
  /** What counts for this request to its end, whatever is put in force meanwhile. */
  readonly snapshot: Snapshot;
  readonly requestId: string;
  readonly trace: TraceContext;
  /** Milliseconds of the monotonic clock. */
  readonly startedAt: number;
  readonly method: string;
  /** As the client named it, perhaps with a port. */
  readonly host: string;
  readonly protocol: 'http' | 'https';
  /** As the client sent them: read credentials here, never forward from here. */
  readonly headers: IncomingHttpHeaders;
  readonly clientAddress: string;
}

const noLimits: readonly RouteLimit[] = [];

/** What is known about one request. Each stage of the pipeline fills in its part. */
export class GatewayContext {
  /** Edge: normalised, without the query. Empty when the client's path was refused. */
  path = '';
  /** Edge: with its question mark, or empty. Never logged: queries may carry secrets. */
  query = '';
  /** Route. */
  matchedRoute: RouteModel | undefined = undefined;
  /** Edge: the client wants to go on with a WebSocket. */
  upgrade: ClientUpgrade | undefined = undefined;
  /** Protect: where it stands among those that wait for their answer. Undefined: it is not counted. */
  place: Place | undefined = undefined;
  /** Forward: what the client sends to a service; undefined if it announces nothing. */
  body: RequestBody | undefined = undefined;
  /** Authenticate; authorize completes it. Anonymous until then, and for good on a public route. */
  identity: Identity = anonymous;
  /** Authenticate: milliseconds since 1970, when it is over with the identity; Infinity: nobody knows. */
  identityEndsAt = Infinity;
  /** Authenticate: whether the session has shown a second factor. */
  isMultiFactor = false;
  /** Authenticate: whether the session is there to change its password, and for nothing else. */
  mustChangePassword = false;
  /** Authenticate: a session of the platform's own, which needs no scopes because no token has cut it down. */
  isWholeSession = false;
  /** Authenticate and authorize: what this caller may spend, beside the limits of the route. */
  callerLimits: readonly RouteLimit[] = noLimits;
  /** Authorize: how many requests the plan of the tenant allows; undefined: as many as the configuration. */
  planned: RequestQuota | undefined = undefined;
  /** Rate-limit, before identity: the limits of the address while they are owed. */
  deferredAddressLimit: DeferredAddressLimit | undefined = undefined;
  /** Any stage: header fields for the answer, whoever gives it. Names in lower case. */
  readonly answerHeaders: Record<string, string> = {};
  /** Balance: the path at the service, without the query. */
  upstreamPath = '';
  /** Balance; forward, when another is asked instead. */
  instance: Instance | undefined = undefined;
  /** Forward. */
  upstreamMs = 0;
  bytesIn = 0;
  bytesOut = 0;
  /** Why the request was refused or failed: the first reason counts. */
  flag: Flag = '';

  constructor(readonly facts: RequestFacts) {}

  get snapshot(): Snapshot {
    return this.facts.snapshot;
  }

  get requestId(): string {
    return this.facts.requestId;
  }

  get headers(): IncomingHttpHeaders {
    return this.facts.headers;
  }

  get method(): string {
    return this.facts.method;
  }

  get host(): string {
    return this.facts.host;
  }

  get clientAddress(): string {
    return this.facts.clientAddress;
  }

  get route(): RouteModel {
    if (this.matchedRoute === undefined) throw new Error('The route stage has not run yet');
    return this.matchedRoute;
  }
}

const contextKey = Symbol('gateway context');

interface CarriesContext {
  [contextKey]?: GatewayContext;
}

/** The edge does this once per request. */
export function attachContext(raw: IncomingMessage, context: GatewayContext): void {
  (raw as CarriesContext)[contextKey] = context;
}

/** The context of a Fastify request. */
export function contextOf(request: { readonly raw: IncomingMessage }): GatewayContext {
  const context = (request.raw as CarriesContext)[contextKey];
  if (context === undefined) throw new Error('The request did not come through the edge');
  return context;
}

/** For what the gateway asks others about a request, in its own name. */
export function requestContextOf({ facts }: GatewayContext): RequestContext {
  const { traceId, traceparent, span } = facts.trace;
  return { requestId: facts.requestId, traceId, traceparent, span, identity: anonymous };
}
