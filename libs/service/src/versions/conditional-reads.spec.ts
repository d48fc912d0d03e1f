import { request } from 'undici';

import { seal, usingTinyServices } from '../running/tiny-service.fixture.js';

const start = usingTinyServices();

/** `'` stands for `"` in the tag of what is there. */
async function read(tag: string, headers: Record<string, string>, method: 'GET' | 'HEAD' = 'GET') {
  const service = await start();
  const path = `/notes/versioned/${encodeURIComponent(tag)}`;
  const answer = await request(service.http + path, { method, headers: { ...headers, ...seal(method, path) } });
  return { status: answer.statusCode, headers: answer.headers, body: await answer.body.text() };
}

describe('a read with preconditions', () => {
  it.each(['"3"', 'W/"3"', '"1", W/"3"', ' ,"3",', '*'])(
    'has no body while If-None-Match: %s holds what is there',
    async (tags) => {
      for (const method of ['GET', 'HEAD'] as const) {
        const { status, headers, body } = await read("'3'", { 'if-none-match': tags }, method);
        expect([status, headers['etag'], body]).toEqual([304, '"3"', '']);
        expect(headers).not.toHaveProperty('content-type');
      }
    },
  );

  it('compares weakly with a weak tag of what is there, too', async () => {
    expect((await read("W/'3'", { 'if-none-match': '"3"' })).status).toBe(304);
    expect((await read("W/'3'", { 'if-match': 'W/"3"' })).status).toBe(412);
  });

  it.each(['"4"', 'W/"4", "5"', '"W/"'])(
    'is answered whole when If-None-Match: %s holds something else',
    async (tags) => {
      const { status, headers, body } = await read("'3'", { 'if-none-match': tags });
      expect([status, headers['etag'], JSON.parse(body)]).toEqual([200, '"3"', { tag: "'3'" }]);
    },
  );

  // RFC 9110 §13.2.2: If-Match is asked first.
  it.each([
    { when: 'only If-Match fails', headers: { 'if-match': '"4"' }, status: 412 },
    { when: 'If-Match is weak', headers: { 'if-match': 'W/"3"' }, status: 412 },
    {
      when: 'If-Match fails and If-None-Match would be 304',
      headers: { 'if-match': '"4"', 'if-none-match': '"3"' },
      status: 412,
    },
    {
      when: 'If-Match holds and If-None-Match says that it is known',
      headers: { 'if-match': '"1", "3"', 'if-none-match': '"3"' },
      status: 304,
    },
    { when: 'both let it pass', headers: { 'if-match': '*', 'if-none-match': '"4"' }, status: 200 },
  ])('is $status when $when', async ({ headers, status }) => {
    expect((await read("'3'", headers)).status).toBe(status);
  });

  it.each(['if-match', 'if-none-match'])('is refused when %s cannot be read', async (name) => {
    for (const malformed of ['3', '"3', '*, "3"', ',']) {
      const { status, headers, body } = await read("'3'", { [name]: malformed });
      expect([status, headers['content-type']]).toEqual([400, 'application/problem+json']);
      expect(JSON.parse(body)).toMatchObject({ code: 'REQUEST_HEADER_INVALID', requestId: expect.any(String) });
      expect(headers).not.toHaveProperty('etag');
    }
  });

  // RFC 9110 §13.2.1.
  it('tells what is wrong before it looks at them', async () => {
    expect((await read('gone', { 'if-none-match': '*' })).status).toBe(404);
  });
});
