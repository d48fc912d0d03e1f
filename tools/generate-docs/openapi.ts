import type { DynamicModule, Type } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { Test } from '@nestjs/testing';

import { readSettings } from '@libs/config';
import { problemResponse, problemSchema } from '@libs/errors';

import { AuthServiceModule } from '../../apps/auth-service/src/auth-service.module.js';
import { AuthSettings } from '../../apps/auth-service/src/settings.js';
import { EcsServiceModule } from '../../apps/ecs-service/src/ecs-service.module.js';
import { EcsServiceSettings } from '../../apps/ecs-service/src/settings.js';
import { SimulatedDriver } from '../../apps/ecs-service/src/lifecycle/simulated-driver.js';
import { SystemClock } from '../../apps/ecs-service/src/lifecycle/clock.js';
import { PublicController } from '../../apps/gateway/src/public/public.controller.js';
import { ProjectServiceModule } from '../../apps/project-service/src/project-service.module.js';
import { ProjectServiceSettings } from '../../apps/project-service/src/settings.js';
import { TenantServiceSettings } from '../../apps/tenant-service/src/settings.js';
import { TenantServiceModule } from '../../apps/tenant-service/src/tenant-service.module.js';
import { operationsOf } from './operations.js';

/** Nothing is started or connected: the keys are never used. */
const noKeys = { SEAL_KEY: '0'.repeat(64), ENCRYPTION_KEY: '0'.repeat(64) };

function controllers(): Type[] {
  const driver = new SimulatedDriver({ provisioning: 0, starting: 0, stopping: 0, deleting: 0 }, new SystemClock());
  const modules: DynamicModule[] = [
    AuthServiceModule.forRoot(readSettings(AuthSettings, noKeys)),
    TenantServiceModule.forRoot(readSettings(TenantServiceSettings, noKeys)),
    ProjectServiceModule.forRoot(readSettings(ProjectServiceSettings, noKeys)),
    EcsServiceModule.forRoot(readSettings(EcsServiceSettings, noKeys), driver),
  ];
  return [PublicController, ...modules.flatMap((module) => (module.controllers ?? []) as Type[])];
}

const schemes = { jwt: 'accessToken', 'api-key': 'apiKey' } as const;

/** OpenAPI 3.1 of what is reachable through the gateway: docs/api/openapi.json. */
export async function openapi(): Promise<OpenAPIObject> {
  // Only the routes and their schemas are looked at: whatever a controller would be given is left empty.
  const module = await Test.createTestingModule({ controllers: controllers() })
    .useMocker(() => ({}))
    .compile({ preview: true });
  const app = module.createNestApplication(new FastifyAdapter());
  const document = SwaggerModule.createDocument(
    app,
    new DocumentBuilder()
      .setOpenAPIVersion('3.1.0')
      .setTitle('Gatehouse')
      .setDescription('The external API, as the gateway offers it. Ids are UUIDv7, times RFC 3339 in UTC.')
      .setVersion('1')
      .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, 'accessToken')
      .addApiKey({ type: 'apiKey', in: 'header', name: 'X-Api-Key' }, 'apiKey')
      .build(),
  );
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Problem: problemSchema },
  };
  for (const { method, path, route } of operationsOf(document)) {
    const operation = document.paths[path]?.[method.toLowerCase() as 'get'];
    if (operation === undefined) continue;
    operation.responses = { ...operation.responses, default: problemResponse };
    operation.security = route.access.authenticated
      ? route.access.methods.map((name) => ({ [schemes[name]]: [] }))
      : [];
  }
  return document;
}
