import { setTimeout as wait } from 'node:timers/promises';

import { type DynamicModule, Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import type { GrpcServer } from '@libs/grpc';
import type { OwnCertificate } from '@libs/mutual-tls';
import { ReadinessChecks, runAsService } from '@libs/observability';

import { drainable } from './drain.js';
import { startManagementServer } from '../management/management-server.js';
import type { RunningService } from './running-service.js';
import { hostAndPort, serverUrl } from '../http/server-url.js';

export interface ServeOptions {
  readonly name: string;
  readonly app: NestFastifyApplication;
  readonly settings: {
    readonly httpHost: string;
    readonly httpPort: number;
    readonly managementHost: string;
    readonly managementPort: number;
    readonly grpcHost?: string;
    readonly drainDelayMs?: number;
    readonly managementToken?: string | undefined;
  };
  readonly grpc?: GrpcServer | undefined;
  /** Guards the management port, too, where that is open to a network. Let go of when the application stops. */
  readonly certificate?: OwnCertificate | undefined;
  /** Done once everything is made, before anybody can call. */
  readonly beforeOpening?: (() => Promise<void>) | undefined;
  /** Served on the management port, beside the probes and the actuator. */
  readonly management?: DynamicModule | undefined;
  /** Endpoints of the actuator that `management` adds. */
  readonly endpoints?: Readonly<Record<string, string>> | undefined;
}

/** What a stop may take, in parts: running requests, then stores, within 5 s together. */
const drainMs = 3_000;
const closeMs = 1_500;

/** Opens the ports of an application, the public one last, and knows how to close them without losing a request. */
export async function serve(options: ServeOptions): Promise<RunningService> {
  const { name, app, settings, grpc, certificate } = options;
  const readiness = app.get(ReadinessChecks);
  const logger = new Logger('Service');
  const drain = drainable(app.getHttpAdapter().getInstance());

  let management: Awaited<ReturnType<typeof startManagementServer>> | undefined;
  try {
    await app.init();
    await options.beforeOpening?.();
    if (grpc !== undefined) await app.startAllMicroservices();
    const { managementHost: host, managementPort: port, managementToken: token } = settings;
    const { management: own, endpoints } = options;
    management = await startManagementServer(app, { name, host, port, own, token, endpoints, certificate });
    await app.listen(settings.httpPort, settings.httpHost);
  } catch (error) {
    await Promise.allSettled([management?.close(), grpc?.close()]);
    certificate?.close();
    await app
      .close()
      .catch((closing: unknown) => logger.warn({ msg: 'close after a failed start failed', err: closing }));
    throw error;
  }

  const retire = async (): Promise<void> => {
    const { drainDelayMs = 0 } = settings;
    readiness.retire();
    if (drainDelayMs > 0) logger.log({ msg: 'not ready any more', stops_in_ms: drainDelayMs });
    await wait(drainDelayMs);
  };
  const stop = async (): Promise<void> => {
    logger.log('stopping');
    readiness.drain();
    await Promise.all([drain(drainMs), grpc?.close()]);
    await within(closeMs, app.close(), () => logger.warn('stopped with something still open'));
    await management.close();
    certificate?.close();
  };

  let retired: Promise<void> | undefined;
  let stopped: Promise<void> | undefined;
  const running: RunningService = {
    name,
    http: serverUrl(app.getHttpServer(), settings.httpHost),
    grpc: grpc === undefined ? '' : hostAndPort(settings.grpcHost ?? settings.httpHost, grpc.port),
    management: management.url,
    // Whoever asks for it may belong to no service, or to another one of this process.
    retire: () => (retired ??= runAsService(name, retire)),
    stop: () => (stopped ??= runAsService(name, stop)),
  };
  logger.log({ msg: 'started', http: running.http, grpc: running.grpc, management: running.management });
  return running;
}

/** Waits for `work`, but no longer than that: what hangs at the end must not keep the process. */
async function within(limitMs: number, work: Promise<void>, giveUp: () => void): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      giveUp();
      resolve();
    }, limitMs);
  });
  try {
    await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
