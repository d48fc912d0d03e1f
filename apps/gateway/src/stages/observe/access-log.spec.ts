import { Metrics } from '@libs/observability';

import { aRequest } from '../authenticate/a-request.fixture.js';
import { AccessLog } from './access-log.js';
import { AccessLogSink } from './access-log-sink.js';
import type { Flag } from '../../request/flag.js';

class CountedLines extends AccessLogSink {
  count = 0;
  write(): void {
    this.count++;
  }
}

const requests = 50_000;

describe('AccessLog', () => {
  const recordMany = async (flag: Flag): Promise<{ lines: number; measured: number | undefined }> => {
    const sink = new CountedLines();
    const metrics = new Metrics('gateway');
    const log = new AccessLog(sink, metrics);
    const { context } = aRequest();
    context.flag = flag;
    for (let n = 0; n < requests; n++) log.record(context, 503);
    log.onApplicationShutdown();
    const all = await metrics.registry.getMetricsAsJSON();
    const name = flag === '' ? 'http_server_requests_seconds' : 'gateway_flagged_requests_total';
    const values = all.find((metric) => metric.name === name)?.values as { value: number; metricName?: string }[];
    return {
      lines: sink.count,
      measured: values.find(({ metricName = name }) => [name, `${name}_count`].includes(metricName))?.value,
    };
  };

  it.each(['overloaded', 'upstream_overloaded', 'circuit_open', 'no_instance'] as const)(
    'counts all requests that are refused as %s, and writes few lines',
    async (flag) => {
      const { lines, measured } = await recordMany(flag);
      expect(measured).toBe(requests);
      expect(lines).toBeLessThan(1_000);
      expect(lines).toBeGreaterThan(0);
    },
  );

  it('writes a line for each request that was answered, or refused for what it is', async () => {
    for (const flag of ['', 'credentials_rejected', 'rate_limited'] as const) {
      expect(await recordMany(flag)).toMatchObject({
        lines: requests,
        measured: flag === '' ? expect.any(Number) : requests,
      });
    }
  });
});
