import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

import { managementControllers } from './management-controllers.js';

const problem = {
  description: 'Refused or failed; `code` is listed in docs/errors.md',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

const text = { type: 'string' };
const problemSchema = {
  type: 'object' as const,
  required: ['type', 'title', 'status', 'instance', 'code', 'requestId'],
  properties: {
    type: text,
    title: text,
    status: { type: 'integer' },
    detail: text,
    instance: text,
    code: text,
    requestId: text,
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'code', 'message'],
        properties: { field: text, code: text, message: text },
      },
    },
  },
};

@Module({ controllers: managementControllers })
class DescribedModule {}

/** OpenAPI 3.1 of the management API. Its controllers are looked at, not made. */
export async function describeManagement(): Promise<OpenAPIObject> {
  const app = await NestFactory.create(DescribedModule, new FastifyAdapter(), { preview: true, abortOnError: false });
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
      operation.responses = { ...operation.responses, default: problem };
    }
  }
  return document;
}
