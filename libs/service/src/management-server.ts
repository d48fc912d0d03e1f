import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import { ActuatorController, AppInfo, Health, HealthController, Metrics } from '@libs/observability';

import { refuseWrongMethods } from './allowed-methods.js';
import { httpAdapter } from './http-adapter.js';
import { ProblemFilter } from './problem.filter.js';
import { serverUrl } from './server-url.js';

@Module({})
class ManagementModule {
  /** Shows what another application measured; nothing is measured twice. */
  static of(app: NestFastifyApplication): DynamicModule {
    return {
      module: ManagementModule,
      controllers: [HealthController, ActuatorController],
      providers: [Health, Metrics, AppInfo].map((token) => ({
        provide: token,
        useValue: app.get<unknown>(token, { strict: false }),
      })),
    };
  }
}

/** Probes and `/actuator` of an application on a port of their own, which is published to nobody but operators. */
export async function startManagementServer(
  app: NestFastifyApplication,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = await NestFactory.create<NestFastifyApplication>(ManagementModule.of(app), httpAdapter(), {
    bodyParser: false,
    abortOnError: false,
  });
  refuseWrongMethods(server.getHttpAdapter().getInstance());
  server.useGlobalFilters(new ProblemFilter());
  await server.listen(port, host);
  return {
    url: serverUrl(server.getHttpServer(), host),
    close: async () => {
      server.getHttpServer().closeAllConnections();
      await server.close();
    },
  };
}
