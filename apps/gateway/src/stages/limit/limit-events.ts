import { Logger } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';

import type { Metrics } from '@libs/observability';
import type { LiveGateways, RateLimiter } from '@libs/rate-limits';

/** What a limit did other than letting a request pass. */
export type LimitEvent = 'refused' | 'late' | 'delayed' | 'uncounted' | 'shadow';

/** A shadow that would refuse everything must not fill the log. */
const shadowLineEveryMs = 1_000;

/** Tells operators what the limits do. A request that simply passes costs nothing here. */
export class LimitEvents {
  private readonly logger = new Logger('RateLimit');
  private readonly events: Counter<'limit' | 'event'>;
  private readonly shadows = new Map<string, { count: number; saidAt: number }>();

  constructor(metrics: Metrics, limiter: RateLimiter, gateways: LiveGateways) {
    this.events = metrics.own('gateway_rate_limit_events_total', (registers) => {
      const help =
        'Requests that a limit refused, kept waiting for Redis, delayed, could not count, or as a shadow would have refused';
      const labelNames = ['limit', 'event'] as const;
      return new Counter({ name: 'gateway_rate_limit_events_total', help, labelNames, registers });
    });
    metrics.own('gateway_rate_limits_alone', (registers) => {
      const help = '1 while this process counts by itself because Redis does not answer';
      const collect = function (this: Gauge) {
        this.set(limiter.isAlone ? 1 : 0);
      };
      return new Gauge({ name: 'gateway_rate_limits_alone', help, registers, collect });
    });
    metrics.own('gateway_live_gateways', (registers) => {
      const help = 'Gateways that share the limits, as Redis told last';
      const collect = function (this: Gauge) {
        this.set(gateways.count);
      };
      return new Gauge({ name: 'gateway_live_gateways', help, registers, collect });
    });
  }

  count(limit: string, event: LimitEvent): void {
    this.events.inc({ limit, event });
    if (event === 'shadow') this.sayShadow(limit);
  }

  private sayShadow(limit: string): void {
    const now = performance.now();
    const said = this.shadows.get(limit) ?? { count: 0, saidAt: -Infinity };
    said.count++;
    this.shadows.set(limit, said);
    if (now - said.saidAt < shadowLineEveryMs) return;
    this.logger.log({ msg: 'a limit in shadow would have refused', limit, requests: said.count });
    said.count = 0;
    said.saidAt = now;
  }
}
