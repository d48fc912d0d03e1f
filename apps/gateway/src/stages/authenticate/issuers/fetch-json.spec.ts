import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { fetchJson } from './fetch-json.js';

describe('fetchJson', () => {
  let server: Server;
  let url: string;
  let answer: RequestListener;

  beforeAll(async () => {
    server = createServer((request, response) => answer(request, response)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  it('gets a document', async () => {
    answer = (_request, response) => response.end('{"keys":[]}');
    expect(await fetchJson(url)).toEqual({ value: { keys: [] }, maxAgeMs: 0 });
  });

  it.each([
    { says: 'max-age=300', maxAgeMs: 300_000 },
    { says: 'public, Max-Age=60, stale-while-revalidate=60', maxAgeMs: 60_000 },
    { says: 's-maxage=60', maxAgeMs: 0 },
    { says: 'max-age=60, no-store', maxAgeMs: 0 },
    { says: 'max-age=-1', maxAgeMs: 0 },
  ])('reads from $says how long a copy is good', async ({ says, maxAgeMs }) => {
    answer = (_request, response) => response.writeHead(200, { 'cache-control': says }).end('{}');
    expect(await fetchJson(url)).toMatchObject({ maxAgeMs });
  });

  it.each<{ what: string; wrong: RequestListener; message: RegExp }>([
    { what: 'an error', wrong: (_request, response) => response.writeHead(500).end('{}'), message: /answered 500/ },
    {
      what: 'a redirect',
      wrong: (_request, response) => response.writeHead(302, { location: '/other' }).end(),
      message: /answered 302/,
    },
    { what: 'too much', wrong: (_request, response) => response.end(`"${'a'.repeat(300_000)}"`), message: /more than/ },
    { what: 'no JSON', wrong: (_request, response) => response.end('<html>'), message: /JSON/ },
    { what: 'nothing', wrong: (request) => request.socket.destroy(), message: /other side closed|socket/ },
  ])('fails on $what', async ({ wrong, message }) => {
    answer = wrong;
    await expect(fetchJson(url)).rejects.toThrow(message);
  });
});
