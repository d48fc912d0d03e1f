import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

import { problemResponse, problemSchema } from '@libs/errors';

import { ConfigurationService } from './configuration.service.js';
import { managementControllers, partsOfGateway } from './management-controllers.js';
import { managementToken } from './management-token.guard.js';
import { VersionsService } from './versions.service.js';

/** Whatever a controller would be given is left empty: they are looked at, not called. */
const nothing = [
  { provide: managementToken, useValue: undefined },
  ...[ConfigurationService, VersionsService, ...partsOfGateway].map((provide) => ({ provide, useValue: {} })),
];

@Module({ controllers: managementControllers, providers: nothing })
class DescribedModule {}

/** OpenAPI 3.1 of the management API. */
export async function describeManagement(): Promise<OpenAPIObject> {
  const app = await NestFactory.create(DescribedModule, new FastifyAdapter(), { abortOnError: false });
  const document = SwaggerModule.createDocument(
    app,
    new DocumentBuilder()
      .setOpenAPIVersion('3.1.0')
      .setTitle('Gatehouse management')
      .setDescription('What operators ask of one gateway, on its management port.')
      .setVersion('1')
      .addBearerAuth({ type: 'http', scheme: 'bearer' }, 'managementToken')
      .build(),
  );
  const { schemas } = document.components ?? {};
  document.components = { ...document.components, schemas: { ...schemas, Problem: problemSchema } };
  for (const methods of Object.values(document.paths)) {
    for (const operation of Object.values(methods) as { responses?: object }[]) {
      operation.responses = { ...operation.responses, default: problemResponse };
    }
  }
  return document;
}
