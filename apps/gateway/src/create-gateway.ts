import type { RequestListener } from 'node:http';

import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';

import { ServiceLogger } from '@libs/observability';

import { proxiedMethods } from './http/methods.js';
import { Entry } from './entry/entry.js';
import { createGatewayServer, openEntry } from './entry/gateway-server.js';
import { dressOwnAnswers } from './entry/own-answers.js';
import { RefusalFilter } from './entry/refusal.filter.js';
import type { GatewayOptions } from './gateway-options.js';
import { OwnControllers } from './stages/answer/own-controllers.js';
import { GatewayModule } from './gateway.module.js';
import { pipeline, type PipelineStage } from './pipeline.js';
import { ConnectionLimits } from './entry/connection-limits.js';

/** A Nest application on Fastify, on a server whose requests pass the entry first. */
export async function createGateway(
  options: GatewayOptions,
  stages: readonly PipelineStage[] = pipeline,
): Promise<NestFastifyApplication> {
  const server = createGatewayServer(options.configuration);
  let fastifyListener: RequestListener | undefined;
  let entry: Entry | undefined;
  const adapter = new FastifyAdapter({
    return503OnClosing: false,
    serverFactory: (listener: RequestListener) => {
      fastifyListener = listener;
      return server;
    },
    clientErrorHandler: (error, socket) => void entry?.receiveMalformed(error, socket),
  });
  const app = await NestFactory.create<NestFastifyApplication>(GatewayModule.forRoot(options, stages), adapter, {
    logger: new ServiceLogger({ service: 'gateway', level: options.logLevel }),
    bodyParser: false,
    abortOnError: false,
  });
  if (fastifyListener === undefined) throw new Error('Fastify did not ask for its server');

  const fastify = app.getHttpAdapter().getInstance();
  // To Fastify no method has a body: it never looks at one, and the forwarder streams it.
  for (const method of proxiedMethods) fastify.addHttpMethod(method, { hasBody: false, overrideExisting: true });
  dressOwnAnswers(fastify);
  app.useGlobalFilters(new RefusalFilter());
  app.get(OwnControllers).use(fastifyListener);
  entry = app.get<Entry>(Entry);
  openEntry(server, entry, options.configuration);
  app.get(ConnectionLimits).guard(server);
  return app;
}
