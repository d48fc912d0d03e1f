import type { DynamicModule, ModuleMetadata, Type } from '@nestjs/common';
import { MODULE_METADATA } from '@nestjs/common/constants.js';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { Test } from '@nestjs/testing';

import { readSettings } from '@libs/config';

import { AuthServiceModule } from '../../apps/auth-service/src/auth-service.module.js';
import { AuthSettings } from '../../apps/auth-service/src/settings/settings.js';
import { EcsServiceModule } from '../../apps/ecs-service/src/ecs-service.module.js';
import { EcsServiceSettings } from '../../apps/ecs-service/src/settings.js';
import { SimulatedDriver } from '../../apps/ecs-service/src/driver/simulated-driver.js';
import { SystemClock } from '../../apps/ecs-service/src/time/clock.js';
import { PublicController } from '../../apps/gateway/src/operate/public/public.controller.js';
import { ProjectServiceModule } from '../../apps/project-service/src/project-service.module.js';
import { ProjectServiceSettings } from '../../apps/project-service/src/settings.js';
import { TenantServiceSettings } from '../../apps/tenant-service/src/settings.js';
import { TenantServiceModule } from '../../apps/tenant-service/src/tenant-service.module.js';
import { type DescribedCall, handlersOf } from './openapi/described-call.js';
import { describeCalls } from './openapi/describe-calls.js';
import { describeSchemas } from './openapi/describe-schemas.js';
import type { Answer, Document } from './openapi/document.js';
import { addAnswerHeaders, addConditions, sharedHeaders, shareRequestHeaders } from './openapi/headers.js';
import { NamedSchemas } from './openapi/named-schemas.js';
import { addRefusals, problemSchemas, sharedAnswers } from './openapi/refusals.js';
import { componentOf, versionedThings } from './openapi/versions.js';
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
  return [PublicController, ...controllersIn(modules)];
}

type Imported = NonNullable<ModuleMetadata['imports']>[number];

/** Of the modules and of those that they import, each once; what a service lists first comes first. */
function controllersIn(modules: readonly Imported[]): Type[] {
  const found = new Set<Type>();
  const seen = new Set<Imported>();
  for (let ahead = [...modules]; ahead.length > 0;) {
    const fresh = ahead.filter((module) => !seen.has(module));
    for (const module of fresh) {
      seen.add(module);
      for (const controller of partsOf<Type>(module, MODULE_METADATA.CONTROLLERS)) found.add(controller);
    }
    ahead = fresh.flatMap((module) => partsOf<Imported>(module, MODULE_METADATA.IMPORTS));
  }
  return [...found];
}

/** A module says its parts in its decorator, in what it is made with, or in both. */
function partsOf<T>(module: Imported, kind: string): T[] {
  const { module: type, ...made } = 'module' in module ? module : { module };
  const declared = Reflect.getMetadata(kind, type) as T[] | undefined;
  return [...(declared ?? []), ...((made as Partial<Record<string, T[]>>)[kind] ?? [])];
}

const schemes = { jwt: 'accessToken', 'api-key': 'apiKey' } as const;

const description = [
  'The external API, as the gateway offers it. Ids are UUIDv7, times RFC 3339 in UTC, JSON in camelCase; unknown fields of a',
  'body or a query are refused. Answers may have more fields one day: bear those that you do not know.',
  '',
  'Lists are read page by page: `pageSize`, `pageToken`, `orderBy` and `filter`; an empty `nextPageToken` is the end.',
  'What has a version answers it in `ETag` and takes it back in `If-Match` and `If-None-Match`; a change with',
  '`If-None-Match: *` is refused (412) where there is something to change. A POST with an `Idempotency-Key` acts once.',
  'Whatever is refused is `application/problem+json` with a `code` to decide by.',
].join('\n');

/** OpenAPI 3.1 of what is reachable through the gateway: docs/api/openapi.json. */
export async function openapi(): Promise<Document> {
  const named = new NamedSchemas();
  const all = controllers();
  const document = await bareDocument(all, named);
  const calls = callsOf(document, all);
  const versioned = versionedThings(document);
  const showsVersion = (answer: Answer): boolean => versioned.has(componentOf(answer) ?? '');
  for (const call of calls) {
    call.operation.security = call.route.access.authenticated
      ? call.route.access.methods.map((name) => ({ [schemes[name]]: [] }))
      : [];
    addAnswerHeaders(call, showsVersion);
    addConditions(call, showsVersion);
    addRefusals(call);
    shareRequestHeaders(call);
  }
  document.components = {
    schemas: { ...named.components, ...problemSchemas() },
    responses: sharedAnswers(),
    ...sharedHeaders(),
    securitySchemes: document.components.securitySchemes,
  };
  dropUnused(document);
  sortPaths(document);
  describeSchemas(document);
  describeCalls(document, calls);
  return document;
}

/** Whichever module a controller stands in: moving one is no change of the API. */
function sortPaths(document: Document): void {
  document.paths = Object.fromEntries(
    Object.entries(document.paths).toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );
}

/** Of the problems, those stay that can come from some operation. */
function dropUnused(document: Document): void {
  const { responses, schemas } = document.components;
  const text = JSON.stringify([document.paths, responses]);
  const isProblem = (name: string): boolean => Object.hasOwn(problemSchemas(), name) && name !== 'Problem';
  for (const name of Object.keys(responses)) {
    if (!text.includes(`"#/components/responses/${name}"`)) delete responses[name];
  }
  const rest = JSON.stringify([document.paths, responses]);
  for (const name of Object.keys(schemas)) {
    if (isProblem(name) && !rest.includes(`"#/components/schemas/${name}"`)) delete schemas[name];
  }
}

/** What Nest finds out: paths, parameters, bodies and answers. */
async function bareDocument(all: Type[], named: NamedSchemas): Promise<Document> {
  // Only the routes and their schemas are looked at: whatever a controller would be given is left empty.
  const module = await Test.createTestingModule({ controllers: all })
    .useMocker(() => ({}))
    .compile({ preview: true });
  const options = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Gatehouse')
    .setDescription(description)
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'Of a login.' }, 'accessToken')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-Api-Key', description: 'Of a program.' }, 'apiKey')
    .build();
  const app = module.createNestApplication(new FastifyAdapter());
  return SwaggerModule.createDocument(app, options, { standardSchemaConverter: named.convert }) as unknown as Document;
}

function callsOf(document: Document, all: Type[]): DescribedCall[] {
  const handlers = handlersOf(all);
  return operationsOf(document).map(({ method, path, id, route }) => {
    const operation = document.paths[path]?.[method.toLowerCase()];
    const handler = handlers.get(id);
    if (operation === undefined || handler === undefined) throw new Error(`nobody handles ${method} ${path}`);
    return { method, path, operation, route, handler };
  });
}
