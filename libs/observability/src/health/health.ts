import { Injectable, Logger, Optional, ServiceUnavailableException } from '@nestjs/common';
import { HealthCheckService, HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { Gauge } from 'prom-client';

import { Metrics } from '../metrics/metrics.js';
import { NotReady, type ReadinessCheck, ReadinessChecks, type ReadinessDetails } from './readiness-checks.js';

export type HealthStatus = 'UP' | 'DOWN' | 'OUT_OF_SERVICE';

/** In the words of Spring Boot's actuator, which dashboards and probes know. */
export interface HealthReport {
  readonly status: HealthStatus;
  readonly components?: Readonly<Record<string, ComponentHealth>>;
}

export interface ComponentHealth {
  readonly status: HealthStatus;
  readonly details?: Readonly<Record<string, unknown>>;
}

const checkTimeoutMs = 1_000;
/** Probes of several balancers share one look; anybody may probe, so probing must be cheap. */
const checkKeptMs = 1_000;

@Injectable()
export class Health {
  private readonly logger = new Logger(Health.name);
  private readonly down = new Set<string>();
  /** What those that are down tell everybody: terminus keeps nothing of an error but its message. */
  private readonly told = new Map<string, ReadinessDetails>();
  private seen: { readonly components: Promise<Record<string, ComponentHealth>>; readonly until: number } | undefined;
  private readonly up: Gauge<'component'> | undefined;

  constructor(
    private readonly terminus: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly checks: ReadinessChecks,
    @Optional() metrics?: Metrics,
  ) {
    this.up = metrics?.own('health_component_up', (registers) => {
      const help = '1 while what this service needs works, as the last probe saw it';
      return new Gauge({ name: 'health_component_up', help, labelNames: ['component'], registers });
    });
  }

  /** That this answers is the answer: what the process depends on is no reason to restart it. */
  async liveness(): Promise<HealthReport> {
    await this.terminus.check([]);
    return { status: 'UP' };
  }

  async readiness(): Promise<HealthReport> {
    const components = await this.components();
    this.tell(components);
    if (this.checks.isRetired) return { status: 'OUT_OF_SERVICE', components };
    const isUp = Object.values(components).every(({ status }) => status === 'UP');
    return { status: isUp ? 'UP' : 'DOWN', components };
  }

  /** One line for each outage, with the reason, which probes are not told. */
  private tell(components: Readonly<Record<string, ComponentHealth>>): void {
    for (const [component, { status, details }] of Object.entries(components)) {
      this.up?.set({ component }, status === 'UP' ? 1 : 0);
      if (status === 'UP') {
        if (this.down.delete(component)) this.logger.log({ msg: 'works again', component });
      } else if (!this.down.has(component)) {
        this.down.add(component);
        this.logger.warn({ msg: 'not ready', component, reason: String(details?.['message'] ?? status) });
      }
    }
  }

  /** Kept by the monotonic clock: by the other one, what was seen before that is set back would be shown for as long. */
  private components(): Promise<Record<string, ComponentHealth>> {
    if (this.seen !== undefined && performance.now() < this.seen.until) return this.seen.components;
    const seen = { components: this.look(), until: Infinity };
    const keep = (): void => {
      seen.until = performance.now() + checkKeptMs;
    };
    seen.components.then(keep, keep);
    this.seen = seen;
    return seen.components;
  }

  private async look(): Promise<Record<string, ComponentHealth>> {
    const attempts = this.checks
      .entries()
      .map(([name, check]) =>
        this.indicators.check(name).attempt(this.listening(name, check)).withTimeout(checkTimeoutMs),
      );
    const details = await this.terminus.check(attempts).then(({ details: all }) => all, detailsOfFailure);
    return Object.fromEntries(
      Object.entries(details).map(([name, result]) => [name, toComponent({ ...this.told.get(name), ...result })]),
    );
  }

  private listening(name: string, check: ReadinessCheck): ReadinessCheck {
    return async () => {
      this.told.delete(name);
      try {
        return await check();
      } catch (error) {
        if (error instanceof NotReady) this.told.set(name, error.details);
        throw error;
      }
    };
  }
}

/** Terminus reports by throwing as soon as one check is down. */
function detailsOfFailure(error: unknown): HealthIndicatorResult {
  if (!(error instanceof ServiceUnavailableException)) throw error;
  return (error.getResponse() as { details: HealthIndicatorResult }).details;
}

const toComponent = ({ status, ...details }: HealthIndicatorResult[string]): ComponentHealth => ({
  status: status === 'up' ? 'UP' : 'DOWN',
  details,
});
