import type { Instance } from '../balance/instance.js';
import type { ServiceConfig } from '../configuration/service.schema.js';
import { CircuitBreaker } from './circuit-breaker.js';
import { ClientTls } from './client-tls.js';
import { dialer } from './dial.js';
import { Http1Connections } from './http1/connections.js';
import type { RetryBudget } from './retry-budget.js';
import type { UpstreamConnections } from './upstream-call.js';

/** How requests get to one instance: its connections, and what is known about whether they work. */
export class Upstream {
  readonly breaker: CircuitBreaker;
  connections: UpstreamConnections;
  private config: ServiceConfig;
  /** Those of an earlier configuration, while requests are on them. */
  private readonly retired = new Set<UpstreamConnections>();

  constructor(
    readonly instance: Instance,
    readonly budget: RetryBudget,
    config: ServiceConfig,
  ) {
    this.config = config;
    this.breaker = new CircuitBreaker(config.breaker);
    this.connections = this.open(config);
  }

  /** Another configuration of its service is in force. */
  adopt(config: ServiceConfig): void {
    if (config === this.config) return;
    const before = this.config;
    this.config = config;
    this.breaker.config = config.breaker;
    if (wayTo(before) === wayTo(config)) {
      this.connections.adopt(limitsOf(config));
      return;
    }
    this.connections.retire();
    this.retired.add(this.connections);
    this.connections = this.open(config);
  }

  /** Returns whether anything is left open. */
  sweep(now: number): boolean {
    for (const connections of this.retired) if (!connections.sweep(now)) this.retired.delete(connections);
    return this.connections.sweep(now) || this.retired.size > 0;
  }

  retire(): void {
    this.connections.retire();
  }

  destroy(): void {
    this.connections.destroy();
    for (const connections of this.retired) connections.destroy();
  }

  private open(config: ServiceConfig): UpstreamConnections {
    const tls = new ClientTls(config.tls);
    const { origin } = this.instance.model;
    return new Http1Connections(new URL(origin).host, dialer(origin, 'http/1.1', tls), limitsOf(config));
  }
}

const limitsOf = ({ connections, queue, keepAlive }: ServiceConfig) => ({ connections, queue, keepAliveMs: keepAlive });

/** With another one, the connections that are there are of no use. */
const wayTo = ({ protocol, tls }: ServiceConfig): string => JSON.stringify([protocol, tls]);
