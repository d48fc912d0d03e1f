import { type ArgumentsHost, Body, Controller, Get, type INestApplication, Param, Post, Res } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { Observable } from 'rxjs';

import { type ErrorCode, Refusal } from '@libs/errors';
import { EventsModule } from '@libs/events';
import { RedisModule } from '@libs/redis';
import { aNote, Note, noteTables, onEachDatabase, type TestDatabase } from '@libs/testing';
import { Access, anonymous, newContext, runInContext } from '@libs/trusted-headers';

import { Database } from '../database/database.js';
import { newId } from '../ids/new-id.js';
import { PersistenceModule } from '../persistence.module.js';
import { TenantRepository } from '../repository/tenant-repository.js';
import { Idempotency } from './idempotency.decorator.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';
import { IdempotencyRecord } from './idempotency-record.entity.js';
import { IdempotencyStore } from './idempotency-store.js';
import { IdempotentRun } from './idempotent-run.js';

interface NoteBody {
  readonly name: string;
  readonly secret?: string;
}

/** What the handlers do beside answering; set by each test. */
let during: () => Promise<void>;
/** The end of the last transaction of a saga. */
let beforeCommit: () => Promise<void>;
let calls = 0;

@Controller()
class NotesController {
  private readonly notes: TenantRepository<Note>;

  constructor(
    private readonly database: Database,
    private readonly run: IdempotentRun,
  ) {
    this.notes = new TenantRepository(database, Note);
  }

  @Post('notes')
  async create(
    @Body() body: NoteBody,
    @Res({ passthrough: true }) reply: { header(name: string, value: string): void },
  ) {
    const note = await this.database.transaction(() => this.notes.insert(aNote({ name: body.name })));
    calls += 1;
    await during();
    reply.header('location', `/notes/${note.id}`);
    reply.header('etag', '"1"');
    reply.header('x-other', 'not kept');
    return { id: note.id, createdAt: note.createdAt, secret: body.secret ?? null };
  }

  @Post('sagas')
  @Idempotency('saga')
  async begin(@Body() body: NoteBody) {
    calls += 1;
    await during();
    return { inTransaction: this.database.isInTransaction, name: body.name };
  }

  @Post('conclusions')
  @Idempotency('saga')
  async conclude(@Body() { name }: NoteBody) {
    calls += 1;
    const answer = { id: newId(), name };
    await this.database.transaction(async () => {
      await this.notes.insert(aNote({ name }));
      await this.run.concludeWith(answer);
      await beforeCommit();
    });
    await during();
    return answer;
  }

  @Post('own-notes')
  @Access('person')
  async createOwn(@Body() body: NoteBody) {
    calls += 1;
    await during();
    return { id: newId(), name: body.name };
  }

  @Post('notes/:id/stars')
  async star(@Param('id') id: string) {
    calls += 1;
    await during();
    return { id };
  }

  @Get('notes')
  list() {
    calls += 1;
    return [];
  }
}

async function startApp({ options }: TestDatabase): Promise<NestFastifyApplication> {
  const testing = await Test.createTestingModule({
    imports: [
      RedisModule.forRoot({}),
      EventsModule,
      PersistenceModule.forRoot({ ...options, encryptionKey: Buffer.alloc(32, 7) }),
    ],
    controllers: [NotesController],
  }).compile();
  const app = testing.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  app.useGlobalInterceptors(asCaller, app.get(IdempotencyInterceptor));
  app.useGlobalFilters({
    catch: (error: unknown, host: ArgumentsHost) => {
      const { code, entry } = error instanceof Refusal ? error : new Refusal('INTERNAL');
      host
        .switchToHttp()
        .getResponse<{ status(s: number): { send(b: object): void } }>()
        .status(entry.status)
        .send({ code });
    },
  });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return app;
}

/** Takes the caller from plain headers; who it is, is not what is tested here. */
const asCaller: Parameters<INestApplication['useGlobalInterceptors']>[0] = {
  intercept: (execution, next) => {
    const { headers } = execution.switchToHttp().getRequest<{ headers: Record<string, string> }>();
    const identity = {
      ...anonymous,
      userId: headers['x-user'] ?? 'alice',
      tenantId: headers['x-tenant'] ?? 'tenant-1',
      apiKeyId: headers['x-key'] ?? '',
    };
    return new Observable((subscriber) =>
      runInContext({ ...newContext(), identity }, () => next.handle().subscribe(subscriber)),
    );
  },
};

describe('IdempotencyInterceptor', () => {
  onEachDatabase(noteTables, (under) => {
    let app: NestFastifyApplication;
    let other: NestFastifyApplication;

    beforeAll(async () => {
      app = await startApp(under());
      other = await startApp(under());
    });
    afterAll(() => Promise.all([app.close(), other.close()]));
    beforeEach(() => {
      during = () => Promise.resolve();
      beforeCommit = () => Promise.resolve();
      calls = 0;
    });

    interface Sent {
      readonly key?: string;
      readonly body?: unknown;
      readonly url?: string;
      readonly headers?: Record<string, string>;
      readonly to?: NestFastifyApplication;
    }

    const post = ({ key, body, url = '/notes', headers = {}, to = app }: Sent) =>
      to.inject({
        method: 'POST',
        url,
        headers: { ...headers, ...(key === undefined ? {} : { 'idempotency-key': key }) },
        payload: (body ?? { name: `note ${newId()}` }) as object,
      });
    const count = (name: string): Promise<number> => under().database.manager.countBy(Note, { name });
    const refuseWith = (code: ErrorCode): void => {
      during = () => Promise.reject(new Refusal(code));
    };

    it('keeps strangers with the same key apart, and knows one who sends the same again', async () => {
      const key = newId();
      const headers = { 'x-user': '', 'x-tenant': '' };
      const [one, other] = [{ name: newId() }, { name: newId() }];
      const first = await post({ key, headers, body: one });
      const second = await post({ key, headers, body: other });
      const again = await post({ key, headers, body: one });
      expect([first.statusCode, second.statusCode, again.statusCode]).toEqual([201, 201, 201]);
      expect(second.json<object>()).not.toEqual(first.json<object>());
      expect(again.json<object>()).toEqual(first.json<object>());
      expect(calls).toBe(2);
    });

    it('knows what is a person\u2019s own again, whichever tenant it has brought them to', async () => {
      const sent = { key: newId(), url: '/own-notes', body: { name: newId() } };
      const first = await post({ ...sent, headers: { 'x-tenant': '' } });
      const second = await post({ ...sent, headers: { 'x-tenant': 'tenant-2' } });
      expect(second.json<object>()).toEqual(first.json<object>());
      expect(calls).toBe(1);
    });

    it('answers the second request like the first, without doing it again', async () => {
      const sent = { key: newId(), body: { name: newId() } };
      const first = await post(sent);
      const second = await post(sent);
      expect(first.statusCode).toBe(201);
      expect([second.statusCode, second.body]).toEqual([201, first.body]);
      expect(second.headers).toMatchObject({
        location: first.headers['location'],
        etag: '"1"',
        'content-type': first.headers['content-type'],
        'idempotent-replayed': 'true',
      });
      expect(first.headers).not.toHaveProperty('idempotent-replayed');
      expect(calls).toBe(1);
      expect(await count(sent.body.name)).toBe(1);
    });

    it('does not ask for a key', async () => {
      expect((await post({})).statusCode).toBe(201);
      expect((await post({})).statusCode).toBe(201);
      expect(calls).toBe(2);
    });

    it('takes fields in another order for the same request, and other values for another', async () => {
      const key = newId();
      const name = newId();
      await post({ key, body: { name, secret: 's' } });
      expect((await post({ key, body: { secret: 's', name } })).statusCode).toBe(201);
      const reused = await post({ key, body: { name, secret: 't' } });
      expect([reused.statusCode, reused.json<object>()]).toEqual([422, { code: 'IDEMPOTENCY_KEY_REUSED' }]);
      expect((await post({ key, body: { name, secret: 's' }, url: '/notes?dry=1' })).statusCode).toBe(422);
      expect(calls).toBe(1);
    });

    it.each<{ what: string; differently: Sent }>([
      { what: 'user', differently: { headers: { 'x-user': 'bob' } } },
      { what: 'API key of the user', differently: { headers: { 'x-key': 'key-1' } } },
      { what: 'tenant', differently: { headers: { 'x-tenant': 'tenant-2' } } },
      { what: 'path', differently: { url: '/notes/2/stars' } },
    ])('keeps the keys of every $what apart', async ({ differently }) => {
      const sent = { key: newId(), url: '/notes/1/stars', body: {} };
      await post(sent);
      const other = await post({ ...sent, ...differently });
      expect(other.statusCode).toBe(201);
      expect(calls).toBe(2);
    });

    it('refuses a key whose request is still running, and replays it afterwards', async () => {
      const sent = { key: newId(), body: { name: newId() } };
      const started = Promise.withResolvers<void>();
      const goOn = Promise.withResolvers<void>();
      during = () => {
        started.resolve();
        return goOn.promise;
      };
      const first = post(sent);
      await started.promise;
      const second = await post(sent);
      expect([second.statusCode, second.json<object>()]).toEqual([409, { code: 'IDEMPOTENCY_KEY_IN_USE' }]);
      goOn.resolve();
      expect((await first).statusCode).toBe(201);
      expect((await post(sent)).body).toBe((await first).body);
    });

    it('does it once when the same request comes many times to several processes', async () => {
      const sent = { key: newId(), body: { name: newId() } };
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, index) => post({ ...sent, to: index % 2 === 0 ? app : other })),
      );
      const done = answers.filter((answer) => answer.statusCode === 201);
      expect(new Set(done.map((answer) => answer.body)).size).toBe(1);
      expect(answers.every((answer) => [201, 409].includes(answer.statusCode))).toBe(true);
      expect(await count(sent.body.name)).toBe(1);
    });

    it('replays in another process', async () => {
      const sent = { key: newId(), body: { name: newId() } };
      expect((await post({ ...sent, to: other })).body).toBe((await post(sent)).body);
    });

    it('keeps nothing of a request that fails, and does it afresh', async () => {
      const sent = { key: newId(), body: { name: newId() } };
      during = () => Promise.reject(new Error('broken'));
      expect((await post(sent)).statusCode).toBe(500);
      expect(await count(sent.body.name)).toBe(0);
      during = () => Promise.resolve();
      expect((await post(sent)).statusCode).toBe(201);
      expect(await count(sent.body.name)).toBe(1);
    });

    it.each([{ url: '/notes' }, { url: '/sagas' }])(
      'keeps a refusal that the state has decided, at $url',
      async ({ url }) => {
        const sent = { key: newId(), body: { name: newId() }, url };
        refuseWith('RESOURCE_NAME_TAKEN');
        expect((await post(sent)).statusCode).toBe(409);
        during = () => Promise.resolve();
        const second = await post(sent);
        expect([second.statusCode, second.json<object>()]).toEqual([409, { code: 'RESOURCE_NAME_TAKEN' }]);
        expect(calls).toBe(1);
        expect(await count(sent.body.name)).toBe(0);
      },
    );

    it.each<{ code: ErrorCode; url: string }>([
      { code: 'REQUEST_INVALID', url: '/notes' },
      { code: 'SERVICE_UNAVAILABLE', url: '/notes' },
      { code: 'RATE_LIMITED', url: '/notes' },
      { code: 'SERVICE_UNAVAILABLE', url: '/sagas' },
    ])('does not keep $code, at $url', async ({ code, url }) => {
      const sent = { key: newId(), body: { name: newId() }, url };
      refuseWith(code);
      await post(sent);
      during = () => Promise.resolve();
      expect((await post(sent)).statusCode).toBe(201);
    });

    it.each(['', 'two words', 'ümlaut', 'x'.repeat(256), 'tab\tbed'])('refuses the key %j', async (key) => {
      const answer = await post({ key });
      expect([answer.statusCode, answer.json<object>()]).toEqual([400, { code: 'REQUEST_HEADER_INVALID' }]);
      expect(calls).toBe(0);
    });

    it('takes no notice of the key of a GET', async () => {
      const get = () => app.inject({ method: 'GET', url: '/notes', headers: { 'idempotency-key': 'two words' } });
      expect([(await get()).statusCode, (await get()).statusCode]).toEqual([200, 200]);
      expect(calls).toBe(2);
    });

    it('keeps neither the key nor the body nor the answer readable', async () => {
      const sent = { key: 'the-clients-own-key', body: { name: newId(), secret: 'correct horse' } };
      await post(sent);
      const rows = JSON.stringify(await under().database.manager.find(IdempotencyRecord));
      for (const word of [sent.key, sent.body.secret, sent.body.name]) {
        expect(rows).not.toContain(word);
        expect(rows).not.toContain(Buffer.from(word).toString('base64').slice(0, 8));
      }
    });

    it('runs a saga outside a transaction, and replays it', async () => {
      const sent = { key: newId(), body: { name: 'x' }, url: '/sagas' };
      const first = await post(sent);
      expect(first.json<object>()).toEqual({ inTransaction: false, name: 'x' });
      expect((await post(sent)).body).toBe(first.body);
      expect(calls).toBe(1);
    });

    it('refuses a saga that another process runs', async () => {
      const sent = { key: newId(), body: { name: 'x' }, url: '/sagas' };
      const started = Promise.withResolvers<void>();
      const goOn = Promise.withResolvers<void>();
      during = () => {
        started.resolve();
        return goOn.promise;
      };
      const first = post(sent);
      await started.promise;
      expect((await post({ ...sent, to: other })).statusCode).toBe(409);
      goOn.resolve();
      expect((await first).statusCode).toBe(201);
    });

    it('lets a saga be finished after the process that ran it has died', async () => {
      const store = app.get(IdempotencyStore);
      const call = store.describe({ userId: 'u', tenantId: 't', route: 'POST /sagas', key: newId(), content: null });
      const diedAt = Date.now();
      expect(await store.begin(call, diedAt)).toBeUndefined();
      await expect(store.begin(call, diedAt + 4000)).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_IN_USE' });
      expect(await store.begin(call, diedAt + 6000)).toBeUndefined();
      await expect(store.begin(call, diedAt + 7000)).rejects.toMatchObject({ headers: { 'retry-after': '4' } });
    });

    it('answers for a saga whose process has died right after its last transaction', async () => {
      const sent = { key: newId(), body: { name: newId() }, url: '/conclusions' };
      const concluded = Promise.withResolvers<void>();
      const end = Promise.withResolvers<void>();
      during = () => {
        concluded.resolve();
        return end.promise;
      };
      const dying = post(sent);
      await concluded.promise;
      const again = await post({ ...sent, to: other });
      expect([again.statusCode, again.json<NoteBody>().name]).toEqual([201, sent.body.name]);
      expect(again.headers).toHaveProperty('idempotent-replayed');
      expect([calls, await count(sent.body.name)]).toEqual([1, 1]);
      end.resolve();
      expect((await dying).body).toBe(again.body);
    });

    it('answers for a saga that has failed after its last transaction', async () => {
      const sent = { key: newId(), body: { name: newId() }, url: '/conclusions' };
      during = () => Promise.reject(new Error('broken'));
      expect((await post(sent)).statusCode).toBe(500);
      expect((await post(sent)).statusCode).toBe(201);
      expect([calls, await count(sent.body.name)]).toEqual([1, 1]);
    });

    it('does a saga afresh whose last transaction was not committed', async () => {
      const sent = { key: newId(), body: { name: newId() }, url: '/conclusions' };
      beforeCommit = () => Promise.reject(new Error('broken'));
      expect((await post(sent)).statusCode).toBe(500);
      beforeCommit = () => Promise.resolve();
      expect((await post(sent)).statusCode).toBe(201);
      expect([calls, await count(sent.body.name)]).toEqual([2, 1]);
    });

    it('concludes a saga without a key, too', async () => {
      const body = { name: newId() };
      expect((await post({ body, url: '/conclusions' })).statusCode).toBe(201);
      expect(await count(body.name)).toBe(1);
    });

    it('forgets after 24 hours', async () => {
      const sent = { key: newId(), body: { name: newId() } };
      await post(sent);
      const store = app.get(IdempotencyStore);
      const hours = (many: number): number => Date.now() + many * 60 * 60 * 1000;
      await store.forgetExpired(hours(23));
      expect((await post(sent)).headers).toHaveProperty('idempotent-replayed');
      await store.forgetExpired(hours(25));
      expect(await under().database.manager.count(IdempotencyRecord)).toBe(0);
    });
  });
});
