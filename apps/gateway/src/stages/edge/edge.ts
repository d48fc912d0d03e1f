import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

import { Injectable, Optional } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { Tracer } from '@libs/tracing';

import type { Snapshot } from '../../runtime/snapshot.js';
import { Snapshots } from '../../runtime/snapshots.js';
import { attachContext, GatewayContext, type RequestFacts } from '../../request/gateway-context.js';
import { checkHeaders, hostOf, invalidHeader, isHost } from './check-headers.js';
import { plainAddress } from '../../http/client-address.js';
import { ClientTraces } from '../../request/client-traces.js';
import { forwardedBy } from '../../http/forwarded.js';
import { isHttp2 } from '../../http/is-http2.js';
import { normalisePath } from '../../http/normalise-path.js';
import { parseRequestTarget } from '../../http/request-target.js';
import { traceContextFrom } from '../../request/trace-context.js';

/** What OPTIONS asks about when it is about no path. */
export const serverWide = '*';

/** Opens the context of a request, and lets nothing ambiguous past. */
@Injectable()
export class Edge {
  constructor(
    private readonly snapshots: Snapshots,
    @Optional() private readonly tracer?: Tracer,
    @Optional() private readonly clientTraces?: ClientTraces,
  ) {}

  /** Never throws: even a request that is refused has an id, a trace and a log line. */
  open(request: IncomingMessage): GatewayContext {
    const context = new GatewayContext(factsOf(request, this.snapshots.current, this.tracer, this.clientTraces));
    attachContext(request, context);
    return context;
  }

  /** The context of what could not be read as a request. */
  openMalformed(socket: Socket): GatewayContext {
    return new GatewayContext({
      snapshot: this.snapshots.current,
      requestId: randomUUID(),
      trace: traceContextFrom(undefined, undefined),
      startedAt: performance.now(),
      method: '',
      host: '',
      protocol: 'http',
      headers: {},
      clientAddress: plainAddress(socket.remoteAddress ?? '') ?? '',
    });
  }

  /** Fills in the path, or refuses. */
  check(request: IncomingMessage, context: GatewayContext): void {
    const { limits, authentication, clientHeaders } = context.snapshot.configuration;
    const target = request.url ?? '';
    if (request.httpVersionMajor !== 1 && !isHttp2(request)) throw new Refusal('REQUEST_MALFORMED');
    if (target.length > limits.uriBytes) throw new Refusal('REQUEST_URI_TOO_LONG');
    checkHeaders(request, limits, authentication.apiKeys.header.toLowerCase());
    // The host of the request itself was checked with the rest.
    if (clientHeaders.forwardedHost === 'believe' && request.headers['x-forwarded-host'] !== undefined) {
      if (context.host !== hostOf(request.headers) && !isHost(context.host)) throw invalidHeader('x-forwarded-host');
    }
    // The gateway as a whole (RFC 9110 §9.3.7).
    if (target === serverWide && context.method === 'OPTIONS') {
      context.path = serverWide;
      return;
    }
    const { path, query, authority } = parseRequestTarget(target);
    if (authority !== undefined && authority.toLowerCase() !== hostOf(request.headers).toLowerCase()) {
      throw invalidHeader('host');
    }
    context.path = normalisePath(path, context.snapshot.routes);
    context.query = query;
  }
}

function factsOf(
  request: IncomingMessage,
  snapshot: Snapshot,
  tracer: Tracer | undefined,
  clients: ClientTraces | undefined,
): RequestFacts {
  const { trustedProxies } = snapshot;
  const believesHost = snapshot.configuration.clientHeaders.forwardedHost === 'believe';
  const { headers, socket } = request;
  const peer = plainAddress(socket.remoteAddress ?? '') ?? '';
  const forwarded =
    !trustedProxies.isEmpty && trustedProxies.has(peer) ? forwardedBy(peer, headers, trustedProxies) : undefined;
  return {
    snapshot,
    requestId: randomUUID(),
    trace: traceContextFrom(single(headers['traceparent']), single(headers['tracestate']), tracer, clients),
    startedAt: performance.now(),
    method: request.method ?? '',
    host: (believesHost ? forwarded?.host : undefined) ?? hostOf(headers),
    protocol: forwarded?.protocol ?? (isEncrypted(socket) ? 'https' : 'http'),
    headers,
    clientAddress: forwarded?.clientAddress ?? peer,
  };
}

const isEncrypted = (socket: Socket): boolean => 'encrypted' in socket && socket.encrypted === true;

const single = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.join(', ');
