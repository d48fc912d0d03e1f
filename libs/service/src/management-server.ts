import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import { admitUnlessForeign, openServer, type OwnCertificate } from '@libs/mutual-tls';
import { ActuatorController, AppInfo, Health, HealthController, Metrics } from '@libs/observability';

import { logFailures } from './access-log.js';
import { refuseWrongMethods } from './allowed-methods.js';
import { httpAdapter } from './http-adapter.js';
import { acceptJson } from './json-body.js';
import { ProblemFilter } from './problem.filter.js';
import { operatorsOnly } from './operators-only.js';
import { SchemaPipe } from './schema.pipe.js';
import { serverUrl } from './server-url.js';

@Module({})
class ManagementModule {
  /** Shows what another application measured; nothing is measured twice. */
  static of(app: NestFastifyApplication, own: DynamicModule | undefined): DynamicModule {
    return {
      module: ManagementModule,
      imports: own === undefined ? [] : [own],
      controllers: [HealthController, ActuatorController],
      providers: [Health, Metrics, AppInfo].map((token) => ({
        provide: token,
        useValue: app.get<unknown>(token, { strict: false }),
      })),
    };
  }
}

export interface ManagementOptions {
  /** The application's. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** What the application adds of its own. It guards itself: whoever reaches the port can call it. */
  readonly own?: DynamicModule | undefined;
  readonly certificate?: OwnCertificate | undefined;
}

/** Configurations that are handed in are larger than what services take. */
const maxBodyBytes = 16 * 1024 * 1024;

/** Probes and `/actuator` of an application on a port of their own, which is published to nobody but operators. */
export async function startManagementServer(
  app: NestFastifyApplication,
  { name, host, port, own, certificate }: ManagementOptions,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  // What only this machine reaches needs no certificate.
  const tls = isLoopback(host) ? undefined : certificate;
  const adapter = httpAdapter(tls === undefined ? undefined : openServer(tls));
  const server = await NestFactory.create<NestFastifyApplication>(ManagementModule.of(app, own), adapter, {
    bodyParser: false,
    abortOnError: false,
  });
  const fastify = server.getHttpAdapter().getInstance();
  fastify.removeAllContentTypeParsers();
  acceptJson(server, maxBodyBytes);
  logFailures(fastify);
  if (tls !== undefined) {
    admitUnlessForeign(server.getHttpServer(), tls);
    operatorsOnly(fastify, name);
  }
  refuseWrongMethods(fastify);
  server.useGlobalPipes(new SchemaPipe());
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

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.');
