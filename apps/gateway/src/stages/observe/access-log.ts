import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Counter } from 'prom-client';

import { Metrics } from '@libs/observability';

import type { GatewayContext } from '../../request/gateway-context.js';
import type { Passage, Stage, Verdict } from '../../request/stage.js';
import { isProbe } from '../../request/is-probe.js';
import { accessLine } from './access-line.js';
import { AccessLogSink } from './access-log-sink.js';
import { BoundedLines } from '../../request/bounded-lines.js';
import type { Flag } from '../../request/flag.js';
import { endRequestSpan } from './request-span.js';

/** The status that is logged when the client did not wait for one, as in nginx. */
const clientGone = 499;

/** Refused without asking anybody, because there was nobody to ask or no time: thousands a second have one reason. */
const shedFlags: ReadonlySet<Flag> = new Set(['overloaded', 'upstream_overloaded', 'circuit_open', 'no_instance']);
const shedLinesPerSecond = 10;

/**
 * One measurement for each request, and one line, when its answer has ended or cannot be given any more. No line has a
 * probe that found all well, and few have those that are refused in a flood: these are counted.
 */
@Injectable()
export class AccessLog implements Stage, OnApplicationShutdown {
  private readonly logger = new Logger('AccessLog');
  private readonly flagged: Counter<'flag'>;
  private readonly shed = new BoundedLines<Flag>(shedLinesPerSecond, (flag, requests) =>
    this.logger.warn({ msg: 'more requests were refused than have a line', flag, requests }),
  );

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

  onApplicationShutdown(): void {
    this.shed.endWindow();
  }

  pass({ context, response }: Passage): Verdict {
    response.once('close', () => {
      if (!response.writableFinished) context.flag ||= 'client_gone';
      this.record(context, response.headersSent ? response.statusCode : clientGone);
    });
    return 'next';
  }

  record(context: GatewayContext, status: number): void {
    const latencyMs = performance.now() - context.facts.startedAt;
    const { matchedRoute } = context;
    // Probes come every few seconds, and say something only when it is not well.
    const isQuiet = status === 200 && matchedRoute !== undefined && isProbe(matchedRoute);
    const hasLine = !isQuiet && (!shedFlags.has(context.flag) || this.shed.admits(context.flag));
    if (hasLine) this.sink.write(accessLine(context, status, latencyMs));
    const route = matchedRoute?.id ?? '';
    this.metrics.countRequest({ method: context.method, route, status, seconds: latencyMs / 1000 });
    if (context.flag !== '') this.flagged.inc({ flag: context.flag });
    if (context.facts.trace.span !== undefined) endRequestSpan(context, status);
  }
}
