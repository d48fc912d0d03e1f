import type { ServerResponse } from 'node:http';

import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';

import { Metrics } from '@libs/observability';

import type { GatewayContext } from '../gateway-context.js';
import { isProbe } from '../protect/is-probe.js';
import { accessLine } from './access-line.js';
import { AccessLogSink } from './access-log-sink.js';
import { endRequestSpan } from './request-span.js';

/** The status that is logged when the client did not wait for one, as in nginx. */
const clientGone = 499;

/** One measurement for each request, and one line unless it is a probe that found all well, when its answer has ended or cannot be given any more. */
@Injectable()
export class AccessLog {
  private readonly flagged: Counter<'flag'>;

  constructor(
    private readonly sink: AccessLogSink,
    private readonly metrics: Metrics,
  ) {
    this.flagged = metrics.own(
      'gateway_flagged_requests_total',
      (registers) =>
        new Counter({
          name: 'gateway_flagged_requests_total',
          help: 'Requests that were refused or failed, by reason',
          labelNames: ['flag'],
          registers,
        }),
    );
  }

  recordWhenDone(context: GatewayContext, response: ServerResponse): void {
    response.once('close', () => {
      if (!response.writableFinished) context.flag ||= 'client_gone';
      this.record(context, response.headersSent ? response.statusCode : clientGone);
    });
  }

  record(context: GatewayContext, status: number): void {
    const latencyMs = performance.now() - context.facts.startedAt;
    const { matchedRoute } = context;
    // Probes come every few seconds, and say something only when it is not well.
    const isQuiet = status === 200 && matchedRoute !== undefined && isProbe(matchedRoute);
    if (!isQuiet) this.sink.write(accessLine(context, status, latencyMs));
    const route = matchedRoute?.id ?? '';
    this.metrics.countRequest({ method: context.method, route, status, seconds: latencyMs / 1000 });
    if (context.flag !== '') this.flagged.inc({ flag: context.flag });
    if (context.facts.trace.span !== undefined) endRequestSpan(context, status);
  }
}
