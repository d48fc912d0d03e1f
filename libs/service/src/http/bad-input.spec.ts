import { rawExchange } from './raw-exchange.fixture.js';
import { requestId, seal, startTinyService } from '../running/tiny-service.fixture.js';

import type { RunningService } from '../running/running-service.js';

const json = { 'content-type': 'application/json' };
const mebibyte = 1024 * 1024;

let service: RunningService;
beforeAll(async () => {
  service = await startTinyService();
});
afterAll(() => service.stop());

interface Call {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

async function call({ method = 'POST', path = '/notes', headers = json, body }: Call) {
  const answer = await fetch(`${service.http}${path}`, {
    method,
    headers: { ...seal(method, path.split('?', 1)[0] ?? ''), ...headers },
    ...(body === undefined ? {} : { body }),
  });
  const text = await answer.text();
  return { answer, text, problem: JSON.parse(text) as Record<string, unknown> };
}

const wide = (members: number): string => `{${Array.from({ length: members }, (_, n) => `"${n}":1`).join(',')}}`;
const nested = (depth: number): string => `{"title":"a","anything":${'['.repeat(depth)}${']'.repeat(depth)}}`;

describe('a service given bad input', () => {
  it.each<{ when: string; status: number; code: string } & Call>([
    { when: 'JSON that breaks off', body: '{"title":', status: 400, code: 'REQUEST_MALFORMED' },
    { when: 'text that is no JSON', body: 'hello', status: 400, code: 'REQUEST_MALFORMED' },
    { when: '__proto__', body: '{"title":"a","__proto__":{"isAdmin":true}}', status: 400, code: 'REQUEST_MALFORMED' },
    {
      when: '__proto__ in escapes',
      body: '{"title":"a","\\u005f_proto__":{}}',
      status: 400,
      code: 'REQUEST_MALFORMED',
    },
    {
      when: 'constructor.prototype',
      body: '{"title":"a","constructor":{"prototype":{}}}',
      status: 400,
      code: 'REQUEST_MALFORMED',
    },
    {
      when: 'bytes that are no UTF-8',
      body: Buffer.from('7b227469746c65223a22ff227d', 'hex'),
      status: 400,
      code: 'REQUEST_MALFORMED',
    },
    { when: '10,000 levels', body: nested(10_000), status: 400, code: 'REQUEST_MALFORMED' },
    { when: '90,000 members', body: wide(90_000), status: 400, code: 'REQUEST_MALFORMED' },
    { when: '10,000 levels that never close', body: '['.repeat(10_000), status: 400, code: 'REQUEST_MALFORMED' },
    { when: 'no body', status: 400, code: 'REQUEST_INVALID' },
    { when: 'an empty body', body: '', status: 400, code: 'REQUEST_INVALID' },
    { when: 'a list', body: '[]', status: 400, code: 'REQUEST_INVALID' },
    { when: 'null', body: 'null', status: 400, code: 'REQUEST_INVALID' },
    {
      when: 'a body over 1 MiB',
      body: `{"title":"${'x'.repeat(mebibyte)}"}`,
      status: 413,
      code: 'REQUEST_BODY_TOO_LARGE',
    },
    {
      when: 'a form',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'title=a',
      status: 415,
      code: 'REQUEST_MEDIA_TYPE_UNSUPPORTED',
    },
    {
      when: 'plain text',
      headers: { 'content-type': 'text/plain' },
      body: '{"title":"a"}',
      status: 415,
      code: 'REQUEST_MEDIA_TYPE_UNSUPPORTED',
    },
    {
      when: 'another kind of JSON',
      headers: { 'content-type': 'application/jsonx' },
      body: '{"title":"a"}',
      status: 415,
      code: 'REQUEST_MEDIA_TYPE_UNSUPPORTED',
    },
    {
      when: 'a media type that is none',
      headers: { 'content-type': ';;;' },
      body: '{"title":"a"}',
      status: 415,
      code: 'REQUEST_MEDIA_TYPE_UNSUPPORTED',
    },
    {
      when: 'no media type',
      headers: {},
      body: new Uint8Array([0x7b, 0x7d]),
      status: 415,
      code: 'REQUEST_MEDIA_TYPE_UNSUPPORTED',
    },
    {
      when: 'another charset',
      headers: { 'content-type': 'application/json; charset=utf-16' },
      body: '{"title":"a"}',
      status: 415,
      code: 'REQUEST_MEDIA_TYPE_UNSUPPORTED',
    },
    {
      when: 'two charsets',
      headers: { 'content-type': 'application/json; charset=utf-8; x=1; Charset="latin1"' },
      body: '{"title":"a"}',
      status: 415,
      code: 'REQUEST_MEDIA_TYPE_UNSUPPORTED',
    },
    {
      when: 'an unknown route',
      method: 'GET',
      path: '/nowhere?secret=1',
      headers: {},
      status: 404,
      code: 'ROUTE_NOT_FOUND',
    },
    { when: 'a method that the path has not', method: 'PUT', body: '{', status: 405, code: 'ROUTE_METHOD_NOT_ALLOWED' },
    {
      when: 'a path with broken escapes',
      method: 'GET',
      path: '/notes/%zz',
      headers: {},
      status: 400,
      code: 'REQUEST_PATH_INVALID',
    },
    {
      when: 'a path segment that is too long',
      path: `/notes/${'x'.repeat(500)}/touch`,
      body: '{}',
      status: 414,
      code: 'REQUEST_URI_TOO_LONG',
    },
    {
      when: 'a query that is no number',
      method: 'GET',
      path: '/notes?pageSize=many',
      headers: {},
      status: 400,
      code: 'REQUEST_INVALID',
    },
    {
      when: 'a query that came twice',
      method: 'GET',
      path: '/notes?pageSize=1&pageSize=2',
      headers: {},
      status: 400,
      code: 'REQUEST_INVALID',
    },
    {
      when: 'an If-Match that is no entity tag',
      method: 'GET',
      path: '/notes/expected',
      headers: { 'if-match': '3' },
      status: 400,
      code: 'REQUEST_HEADER_INVALID',
    },
  ])('refuses $when with a problem', async ({ status, code, ...request }) => {
    const { answer, text, problem } = await call(request);

    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(problem).toMatchObject({ status, code, title: expect.any(String), type: expect.any(String) });
    expect(problem['instance']).toBe((request.path ?? '/notes').split('?', 1)[0]);
    expect(text).not.toMatch(/node_modules|\.ts:|\.js:|at \w+ \(/);
  });

  it.each<{ body: object; errors: { field: string; code: string }[] }>([
    { body: {}, errors: [{ field: 'title', code: 'REQUIRED' }] },
    { body: { title: 7 }, errors: [{ field: 'title', code: 'WRONG_TYPE' }] },
    { body: { title: null }, errors: [{ field: 'title', code: 'WRONG_TYPE' }] },
    { body: { title: '' }, errors: [{ field: 'title', code: 'TOO_SHORT' }] },
    { body: { title: 'x'.repeat(21) }, errors: [{ field: 'title', code: 'TOO_LONG' }] },
    { body: { title: 'a', stars: 6 }, errors: [{ field: 'stars', code: 'TOO_BIG' }] },
    { body: { title: 'a', stars: 1.5 }, errors: [{ field: 'stars', code: 'WRONG_TYPE' }] },
    { body: { title: 'a', kind: 'sly' }, errors: [{ field: 'kind', code: 'NOT_ALLOWED' }] },
    { body: { title: 'a', tags: ['b', 3] }, errors: [{ field: 'tags.1', code: 'WRONG_TYPE' }] },
    {
      body: { title: 'a', owner: 'me', admin: true },
      errors: [
        { field: 'owner', code: 'UNKNOWN_FIELD' },
        { field: 'admin', code: 'UNKNOWN_FIELD' },
      ],
    },
    { body: { title: 'a', constructor: 1 }, errors: [{ field: 'constructor', code: 'UNKNOWN_FIELD' }] },
    { body: { title: 'a', prototype: {} }, errors: [{ field: 'prototype', code: 'UNKNOWN_FIELD' }] },
  ])('names what is wrong with $body', async ({ body, errors }) => {
    const { answer, problem } = await call({ body: JSON.stringify(body) });
    expect(answer.status).toBe(400);
    expect(problem['errors']).toEqual(errors.map((error) => expect.objectContaining(error)));
  });

  it('keeps what is inside a field of any content', async () => {
    const anything = { constructor: 'Bob the builder', prototype: [1] };
    const { problem: answer } = await call({ body: JSON.stringify({ title: 'a', anything }) });
    expect(answer['note']).toEqual({ title: 'a', anything });
  });

  it('names a parameter of the path', async () => {
    const { problem } = await call({ method: 'GET', path: '/notes/numbered/many', headers: {} });
    expect(problem['errors']).toEqual([expect.objectContaining({ field: 'number', code: 'WRONG_TYPE' })]);
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;Charset="UTF-8"'])(
    'reads a body of %s',
    async (type) => {
      const { answer } = await call({ headers: { 'content-type': type }, body: '{"title":"a"}' });
      expect(answer.status).toBe(201);
    },
  );

  it.each([
    { method: 'PUT', path: '/notes', allow: 'GET, HEAD, POST' },
    { method: 'DELETE', path: '/notes?pageSize=1', allow: 'GET, HEAD, POST' },
    { method: 'GET', path: '/notes/some-id/touch', allow: 'POST' },
    { method: 'GET', path: '/notes/some-id:copy', allow: 'POST' },
    { method: 'PROPFIND', path: '/notes/some-id/touch', allow: 'POST' },
    { method: 'POST', path: '/health', allow: 'GET, HEAD' },
  ])('tells which methods there are at $path when it is asked for $method', async ({ method, path, allow }) => {
    const { answer, problem } = await call({ method, path, headers: {} });
    expect(problem).toMatchObject({ status: 405, code: 'ROUTE_METHOD_NOT_ALLOWED', requestId });
    expect(answer.headers.get('allow')).toBe(allow);
  });

  it.each(['/notes/', '/notes/a/b/touch', '/notes//touch', '/notes/a:b:copy', '/NOTES', '/'])(
    'knows no path %s',
    async (path) => {
      const { problem } = await call({ method: 'PUT', path, headers: {} });
      expect(problem).toMatchObject({ code: 'ROUTE_NOT_FOUND' });
    },
  );

  it('names only the first few of a thousand mistakes', async () => {
    const unknown = Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`field${n}`.repeat(50), n]));
    const { text, problem } = await call({ body: JSON.stringify(unknown) });
    expect(problem['errors']).toHaveLength(20);
    expect(text.length).toBeLessThan(10_000);
  });

  it.each([
    { when: 'a request that is no HTTP', head: 'HELLO\r\n\r\n', status: 400 },
    {
      when: 'headers without end',
      head: `GET /notes HTTP/1.1\r\nhost: a\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`,
      status: 431,
    },
    {
      when: 'two lengths',
      head: 'POST /notes HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}',
      status: 400,
    },
    {
      when: 'a length and chunks',
      head: 'POST /notes HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      status: 400,
    },
    { when: 'no host', head: 'GET /notes HTTP/1.1\r\nconnection: close\r\n\r\n', status: 400 },
    {
      when: 'two content types',
      head: 'POST /notes HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-type: text/plain\r\ncontent-length: 2\r\n\r\n{}',
      status: 400,
    },
  ])('refuses $when, and lives', async ({ head, status }) => {
    const answer = await rawExchange(service.http, head);
    expect(answer.status).toBe(status);
    expect(answer.body).not.toMatch(/node_modules|at \w+ \(/);
    expect((await fetch(`${service.http}/health`)).status).toBe(200);
  });
});

describe('a service whose handler throws', () => {
  it('answers a refusal with its status, its headers and what the caller may know', async () => {
    const { answer, text, problem } = await call({ method: 'GET', path: '/notes/refused', headers: {} });
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe('7');
    expect(problem).toMatchObject({ code: 'RATE_LIMITED', detail: 'Slow down.', requestId });
    expect(text).not.toContain('not for you');
  });

  it('answers that it is not available for the moment while the database is away', async () => {
    const { answer, text, problem } = await call({ method: 'GET', path: '/notes/database-away', headers: {} });
    expect(problem).toMatchObject({ status: 503, code: 'SERVICE_UNAVAILABLE' });
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(text).not.toContain('10.0.0.7');
  });

  it.each(['/notes/broken', '/notes/thrown-text', '/notes/library-status'])(
    'answers anything else at %s with INTERNAL, and does not say what it was',
    async (path) => {
      const { answer, text, problem } = await call({ method: 'GET', path, headers: {} });
      expect(answer.status).toBe(500);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(problem).toMatchObject({ code: 'INTERNAL', requestId, instance: path });
      expect(text).not.toMatch(/hunter2|TypeError|upstream|\.ts:/);
    },
  );
});
