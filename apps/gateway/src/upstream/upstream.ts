import type { LookupFunction } from 'node:net';

import type { Instance } from '../instances/instance.js';
import type { ServiceConfig } from '../configuration/schema/service.schema.js';
import { CircuitBreaker } from './circuit-breaker.js';
import { ClientShares, type ShareLimits } from './client-shares.js';
import { ClientTls } from '../tls/client-tls.js';
import { dialer } from './wire/dial.js';
import { Http1Connections } from './http1/connections.js';
import { Http2Connections } from './http2/connections.js';
import type { RetryBudget } from './retry-budget.js';
import type { ConnectionLimits, UpstreamConnections, UpstreamRequest } from './wire/upstream-call.js';

/** How requests get to one instance: its connections, and what is known about whether they work. */
export class Upstream {
  readonly breaker: CircuitBreaker;
  readonly clients: ClientShares;
  private connections: UpstreamConnections;
  /** A WebSocket begins with HTTP/1.1, whatever else the instance speaks. Undefined: that is what it speaks. */
  private forWebSockets: UpstreamConnections | undefined;
  /** Those of an earlier configuration, while requests are on them. */
  private readonly retired = new Set<UpstreamConnections>();

  constructor(
    readonly instance: Instance,
    readonly budget: RetryBudget,
    private config: ServiceConfig,
    private readonly lookup: LookupFunction,
  ) {
    this.breaker = new CircuitBreaker(config.breaker);
    this.clients = new ClientShares(sharesOf(config));
    [this.connections, this.forWebSockets] = this.open(config);
  }

  get load(): { readonly open: number; readonly queued: number } {
    const all = [...this.inUse(), ...this.retired];
    return {
      open: all.reduce((sum, { open }) => sum + open, 0),
      queued: all.reduce((sum, { queued }) => sum + queued, 0),
    };
  }

  get isFull(): boolean {
    return this.connections.isFull;
  }

  connectionsFor(request: UpstreamRequest): UpstreamConnections {
    return request.upgrade && this.forWebSockets !== undefined ? this.forWebSockets : this.connections;
  }

  /** Another configuration of its service is in force. */
  adopt(config: ServiceConfig): void {
    if (config === this.config) return;
    const before = this.config;
    this.config = config;
    this.breaker.config = config.breaker;
    this.clients.limits = sharesOf(config);
    if (wayTo(before) === wayTo(config)) {
      for (const connections of this.inUse()) connections.adopt(limitsOf(config));
      return;
    }
    for (const connections of this.inUse()) {
      connections.retire();
      this.retired.add(connections);
    }
    [this.connections, this.forWebSockets] = this.open(config);
  }

  /** Returns whether anything is left open. */
  sweep(now: number, isSaturated: boolean): boolean {
    this.clients.sweep(now);
    for (const connections of this.retired) if (!connections.sweep(now, isSaturated)) this.retired.delete(connections);
    let isOpen = this.retired.size > 0;
    for (const connections of this.inUse()) isOpen = connections.sweep(now, isSaturated) || isOpen;
    return isOpen;
  }

  retire(): void {
    for (const connections of this.inUse()) connections.retire();
  }

  destroy(): void {
    for (const connections of [...this.inUse(), ...this.retired]) connections.destroy();
  }

  private inUse(): UpstreamConnections[] {
    return this.forWebSockets === undefined ? [this.connections] : [this.connections, this.forWebSockets];
  }

  private open(config: ServiceConfig): [UpstreamConnections, UpstreamConnections | undefined] {
    const { origin } = this.instance.model;
    const { host: authority, protocol } = new URL(origin);
    const tls = new ClientTls(config.tls);
    const limits = limitsOf(config);
    const http1 = new Http1Connections(authority, dialer(origin, 'http/1.1', tls, this.lookup), limits);
    if (config.protocol === 'http1') return [http1, undefined];
    return [
      new Http2Connections(
        { scheme: protocol.slice(0, -1), authority },
        dialer(origin, 'h2', tls, this.lookup),
        limits,
      ),
      http1,
    ];
  }
}

const limitsOf = ({ connections, queue, keepAlive, rest }: ServiceConfig): ConnectionLimits => ({
  connections,
  queue,
  keepAliveMs: keepAlive,
  restMs: rest,
});

/** A connection of HTTP/2 carries as many requests at once as the instance says; hardly ever fewer than these. */
const streamsOfOne = 100;

function sharesOf({ connections, queue, clientShare, protocol }: ServiceConfig): ShareLimits {
  // Who may have all of it waits in the row of all.
  if (clientShare === 100) return { most: Infinity, queue: Infinity };
  const all = protocol === 'http2' ? connections * streamsOfOne : connections;
  return {
    most: Math.ceil((all * clientShare) / 100),
    queue: Math.ceil((queue * clientShare) / 100),
  };
}

/** With another one, the connections that are there are of no use. */
const wayTo = ({ protocol, tls }: ServiceConfig): string => JSON.stringify([protocol, tls]);
