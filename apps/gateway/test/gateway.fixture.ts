import type { Names } from '@libs/names';
import type { RunningService } from '@libs/service';

import { aConfiguration } from '../src/configuration/configuration.fixture.js';
import type { GatewayConfigurationInput } from '../src/configuration/schema/gateway-configuration.schema.js';
import type { AccessLine } from '../src/stages/observe/access-line.js';
import { AccessLogSink } from '../src/stages/observe/access-log-sink.js';
import { openGateway } from '../src/start.js';

export const sealKey = Buffer.alloc(32, 7);

class CollectedAccess extends AccessLogSink {
  readonly lines: AccessLine[] = [];
  private readonly awaited = new Map<string, (line: AccessLine) => void>();
  private readonly waiting: ((line: AccessLine) => void)[] = [];

  write(line: AccessLine): void {
    this.lines.push(line);
    this.waiting.shift()?.(line);
    this.awaited.get(line.request_id)?.(line);
  }

  /** The line of one request, whenever it is written. */
  of(requestId: unknown): Promise<AccessLine> {
    const written = this.lines.find(({ request_id }) => request_id === requestId);
    if (written !== undefined) return Promise.resolve(written);
    return new Promise((resolve) => this.awaited.set(String(requestId), resolve));
  }

  /** The line that is written next. Ask before sending the request. */
  next(): Promise<AccessLine> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}

export interface GatewayUnderTest extends RunningService {
  readonly port: number;
  readonly log: CollectedAccess;
}

/** A whole gateway on any free port, that asks nobody who the callers are. */
export async function aGateway(
  configuration: GatewayConfigurationInput,
  options: { readonly sealKey?: Buffer; readonly names?: Names } = {},
): Promise<GatewayUnderTest> {
  const log = new CollectedAccess();
  const running = await openGateway({
    configuration: aConfiguration(configuration),
    logLevel: 'silent',
    sealKey,
    peers: {
      'auth-service': '127.0.0.1:1',
      'tenant-service': '127.0.0.1:1',
      'project-service': '127.0.0.1:1',
      'ecs-service': '127.0.0.1:1',
    },
    accessLog: log,
    ...options,
  });
  return { ...running, log, port: Number(new URL(running.http).port) };
}

/** Routes everything to one upstream, without asking for an identity. */
export const everythingTo = (url: string, service: object = {}): GatewayConfigurationInput => ({
  services: { echo: { instances: [{ url }], ...service } },
  routes: [{ id: 'all', path: '/**', service: 'echo', access: { authenticated: false } }],
});
