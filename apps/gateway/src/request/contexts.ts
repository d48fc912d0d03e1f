import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

import { Injectable, Optional } from '@nestjs/common';

import { Tracer } from '@libs/tracing';

import { hostOf } from '../http/authority.js';
import { plainAddress } from '../http/client-address.js';
import { forwardedBy } from '../http/forwarded.js';
import type { Snapshot } from '../runtime/snapshot.js';
import { Snapshots } from '../runtime/snapshots.js';
import { ClientTraces } from './client-traces.js';
import { attachContext, GatewayContext, type RequestFacts } from './gateway-context.js';
import { traceContextFrom } from './trace-context.js';

/** Opens the context of every request, before any stage looks at it. */
@Injectable()
export class Contexts {
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
