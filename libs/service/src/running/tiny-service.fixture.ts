import {
  type BeforeApplicationShutdown,
  Body,
  Controller,
  Get,
  Header,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
  Param,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';

import { Refusal } from '@libs/errors';
import {
  ApiKeyServiceService,
  ApiKeyStatus,
  GrpcService,
  type ResolveApiKeyResponse,
  RecordApiKeyUsesResponse,
} from '@libs/grpc';
import { ReadinessChecks } from '@libs/observability';
import type { ExpectedVersion } from '@libs/persistence';
import { Access, anonymous, currentContext, deriveSealKey, type Identity, sealIdentity } from '@libs/trusted-headers';

import { IfMatch } from '../versions/if-match.decorator.js';
import type { RunningService } from './running-service.js';
import { type ServiceDefinition, startService } from './start-service.js';

const Note = z.strictObject({
  title: z.string().min(1).max(20),
  stars: z.int().min(1).max(5).optional(),
  kind: z.enum(['plain', 'loud']).optional(),
  tags: z.array(z.string()).max(3).optional(),
  anything: z.unknown().optional(),
});
type Note = z.infer<typeof Note>;

const NoteQuery = z.strictObject({ pageSize: z.coerce.number().int().max(100).default(20) });

/** Lets a test decide when a slow request ends, and know when it has begun. */
export class Gate {
  readonly #entered = Promise.withResolvers<void>();
  readonly #open = Promise.withResolvers<void>();
  readonly entered = this.#entered.promise;
  readonly open = (): void => this.#open.resolve();

  pass(): Promise<void> {
    this.#entered.resolve();
    return this.#open.promise;
  }
}

@Controller('notes')
@Access('anyone')
class NotesController {
  constructor(private readonly gate: Gate) {}

  @Post()
  create(@Body({ schema: Note }) note: Note): object {
    const { requestId, traceId, identity } = currentContext();
    return { note, requestId, traceId, userId: identity.userId };
  }

  @Get()
  list(@Query({ schema: NoteQuery }) query: z.infer<typeof NoteQuery>): object {
    return query;
  }

  @Get('slow')
  async slow(): Promise<object> {
    await this.gate.pass();
    return { slow: true };
  }

  @Get('refused')
  refuse(): never {
    throw new Refusal('RATE_LIMITED', {
      detail: 'Slow down.',
      internal: 'not for you',
      headers: { 'retry-after': '7' },
    });
  }

  @Get('broken')
  @Header('content-type', 'text/csv')
  break(): never {
    throw new TypeError('the password is hunter2');
  }

  @Get('thrown-text')
  throwText(): never {
    throw 'the password is hunter2';
  }

  @Get('library-status')
  throwLikeLibrary(): never {
    throw Object.assign(new Error('upstream said 404'), { statusCode: 404, status: 404 });
  }

  @Get('database-away')
  loseDatabase(): never {
    throw Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:3306'), { code: 'ECONNREFUSED' });
  }

  @Get('numbered/:number')
  numbered(@Param('number', { schema: z.coerce.number().int() }) number: number): object {
    return { number };
  }

  @Get('versioned/:tag')
  versioned(@Param('tag') tag: string, @Res({ passthrough: true }) reply: FastifyReply): object {
    reply.header('etag', tag.replaceAll("'", '"'));
    if (tag === 'gone') throw new Refusal('RESOURCE_NOT_FOUND');
    return { tag };
  }

  @Get('expected')
  expected(@IfMatch() version: ExpectedVersion | undefined): object {
    return { version: version ?? null };
  }

  @Get('closed-to-users')
  @Access('service')
  forServices(): object {
    return {};
  }

  @Post(':id(^[^:/]+)::copy')
  copy(@Param('id') id: string): object {
    return { id };
  }

  @Post(':id/touch')
  touch(@Param('id') id: string, @Req() request: FastifyRequest): object {
    return { id, body: request.body ?? null };
  }
}

@Controller('forgotten')
class ForgottenController {
  @Get()
  get(): object {
    return {};
  }
}

@GrpcService(ApiKeyServiceService)
@Access('user')
class ApiKeysGrpc {
  async recordApiKeyUses(): Promise<RecordApiKeyUsesResponse> {
    return {};
  }

  async resolveApiKey(): Promise<ResolveApiKeyResponse> {
    const { userId } = currentContext().identity;
    return {
      status: ApiKeyStatus.UNKNOWN,
      apiKeyId: '',
      userId,
      tenantId: '',
      scopes: [],
      allowedAddresses: [],
      limits: [],
    };
  }
}

const sealKey = Buffer.alloc(32, 7);
export const requestId = 'request-0001';
export const traceId = '0af7651916cd43dd8448eb211c80319c';

const settings: ServiceDefinition['settings'] = {
  nodeEnv: 'test',
  httpHost: '127.0.0.1',
  httpPort: 0,
  grpcHost: '127.0.0.1',
  grpcPort: 0,
  managementHost: '127.0.0.1',
  managementPort: 0,
  sealKey,
  drainDelayMs: 0,
  clockLeewayMs: 5_000,
  logLevel: 'silent',
  peers: {
    'auth-service': '127.0.0.1:1',
    'tenant-service': '127.0.0.1:1',
    'project-service': '127.0.0.1:1',
    'ecs-service': '127.0.0.1:1',
  },
};

/** What Nest tells a provider of its life, in order. */
export class Life implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  readonly told: string[] = [];
  onModuleInit = (): void => void this.told.push('init');
  onApplicationBootstrap = (): void => void this.told.push('bootstrap');
  beforeApplicationShutdown = (): void => void this.told.push('before shutdown');
  onApplicationShutdown = (): void => void this.told.push('shutdown');
}

export interface TinyServiceOptions {
  readonly life?: Life;
  readonly check?: () => Promise<void>;
  readonly gate?: Gate;
  readonly settings?: Partial<typeof settings>;
}

/** A small real service on free ports, with everything that `startService` gives to a big one. */
export function startTinyService(options: TinyServiceOptions = {}): Promise<RunningService> {
  @Module({
    controllers: [NotesController, ForgottenController, ApiKeysGrpc],
    providers: [
      { provide: Gate, useValue: options.gate ?? new Gate() },
      { provide: Life, useValue: options.life ?? new Life() },
    ],
  })
  class TinyModule {
    constructor(readiness: ReadinessChecks) {
      if (options.check !== undefined) readiness.add('store', options.check);
    }
  }
  return startService({
    name: 'project-service',
    module: TinyModule,
    settings: { ...settings, ...options.settings },
    grpc: { services: [ApiKeyServiceService] },
  });
}

/** Starts tiny services for the tests of a file, and stops them after each. */
export function usingTinyServices(): typeof startTinyService {
  const running = new Set<RunningService>();
  afterEach(async () => {
    await Promise.all([...running].map((service) => service.stop()));
    running.clear();
  });
  return async (options) => {
    const service = await startTinyService(options);
    running.add(service);
    return service;
  };
}

/** What the gateway would send along. */
export function seal(method: string, path: string, identity: Identity = anonymous): Record<string, string> {
  const key = deriveSealKey(sealKey, 'project-service');
  return sealIdentity({ identity, method, path, requestId, traceId, key, now: Date.now() });
}
