import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import { type OwnCertificate, closedServer } from '@libs/mutual-tls';
import { Metrics, ServiceLogger } from '@libs/observability';

import { logRequests } from '../access-log/access-log.js';
import { refuseWrongMethods } from '../requests/allowed-methods.js';
import { httpAdapter } from './http-adapter.js';
import { answerConditionally } from '../versions/conditional-reads.js';
import { readIdsInAnyCase } from '../requests/id-spelling.js';
import { acceptJson } from '../input/json-body.js';
import { ProblemFilter } from '../problems/problem.filter.js';
import { keepRequestScope } from '../requests/request-scope.js';
import { SchemaPipe } from '../input/schema.pipe.js';

export interface AppOptions {
  readonly name: string;
  readonly logLevel: string;
  readonly module: Type | DynamicModule;
  /** Shown to callers, who have to show one, too. */
  readonly certificate?: OwnCertificate | undefined;
}

/** A Nest application that answers every mistake with a problem, and logs and counts every request. */
export async function createApp({ name, logLevel, module, certificate }: AppOptions): Promise<NestFastifyApplication> {
  const adapter = httpAdapter(certificate === undefined ? undefined : closedServer(certificate));
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: new ServiceLogger({ service: name, level: logLevel }),
    bodyParser: false,
    abortOnError: false,
  });
  const fastify = app.getHttpAdapter().getInstance();
  fastify.removeAllContentTypeParsers();
  acceptJson(app);
  keepRequestScope(fastify);
  logRequests(fastify, app.get(Metrics));
  refuseWrongMethods(fastify);
  readIdsInAnyCase(fastify);
  answerConditionally(fastify);
  app.useGlobalPipes(new SchemaPipe());
  app.useGlobalFilters(new ProblemFilter());
  return app;
}
