import { createHash, timingSafeEqual } from 'node:crypto';

import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import { admitUnlessForeign, openServer, type OwnCertificate } from '@libs/mutual-tls';
import {
  ActuatorController,
  type ActuatorOptions,
  actuatorOptions,
  AppInfo,
  Health,
  HealthController,
  Metrics,
} from '@libs/observability';

import { logFailures } from '../access-log/access-log.js';
import { refuseWrongMethods } from '../requests/allowed-methods.js';
import { answerConditionally } from '../versions/conditional-reads.js';
import { httpAdapter } from '../http/http-adapter.js';
import { acceptJson } from '../input/json-body.js';
import { ProblemFilter } from '../problems/problem.filter.js';
import { operatorsOnly } from './operators-only.js';
import { SchemaPipe } from '../input/schema.pipe.js';
import { serverUrl } from '../http/server-url.js';

@Module({})
class ManagementModule {
  /** Shows what another application measured; nothing is measured twice. */
  static of(app: NestFastifyApplication, { own, token, endpoints = {} }: ManagementOptions): DynamicModule {
    const options: ActuatorOptions = {
      endpoints,
      maySeeDetails: ({ authorization }) => isBearer(authorization, token),
    };
    return {
      module: ManagementModule,
      imports: own === undefined ? [] : [own],
      controllers: [HealthController, ActuatorController],
      providers: [
        { provide: actuatorOptions, useValue: options },
        ...[Health, Metrics, AppInfo].map((type) => ({
          provide: type,
          useValue: app.get<unknown>(type, { strict: false }),
        })),
      ],
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
  /** Who knows it is told why something is down. Without it, nobody is. */
  readonly token?: string | undefined;
  /** Of the actuator, what the application adds to it. */
  readonly endpoints?: Readonly<Record<string, string>> | undefined;
}

/** What tools made for Spring Boot's actuator call their JSON. */
const springMediaTypes = [
  'application/vnd.spring-boot.actuator.v3+json',
  'application/vnd.spring-boot.actuator.v2+json',
];

/** Configurations that are handed in are larger than what services take. */
const maxBodyBytes = 16 * 1024 * 1024;

/** Probes and `/actuator` of an application on a port of their own, which is published to nobody but operators. */
export async function startManagementServer(
  app: NestFastifyApplication,
  options: ManagementOptions,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const { name, host, port, certificate } = options;
  // What only this machine reaches needs no certificate.
  const tls = isLoopback(host) ? undefined : certificate;
  const adapter = httpAdapter(tls === undefined ? undefined : openServer(tls));
  const server = await NestFactory.create<NestFastifyApplication>(ManagementModule.of(app, options), adapter, {
    bodyParser: false,
    abortOnError: false,
  });
  const fastify = server.getHttpAdapter().getInstance();
  fastify.removeAllContentTypeParsers();
  acceptJson(server, maxBodyBytes, springMediaTypes);
  logFailures(fastify);
  if (tls !== undefined) {
    admitUnlessForeign(server.getHttpServer(), tls);
    operatorsOnly(fastify, name);
  }
  refuseWrongMethods(fastify);
  answerConditionally(fastify);
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

function isBearer(authorization: string | string[] | undefined, token: string | undefined): boolean {
  const given = /^Bearer +(\S+) *$/i.exec(String(authorization ?? ''))?.[1];
  return token !== undefined && given !== undefined && timingSafeEqual(digest(given), digest(token));
}

/** Digests are of one length, and comparing them tells nothing about the token. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
