import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect, type IncomingHttpHeaders } from 'node:http2';
import { join } from 'node:path';

import { isReservedHeader } from '@libs/trusted-headers';
import { parse } from 'yaml';

import { aGateway, type GatewayUnderTest } from './gateway.fixture.js';
import { bodyOf, sendRaw } from './raw-client.fixture.js';
import { anUpstream, type Upstream } from './upstream.fixture.js';

/**
 * A case is routes in YAML, then requests and what is answered, with dashed lines between them. Its routes are for a
 * host of its own, and for everybody, unless it says otherwise. Of the answer all lines but one that begins with `!`
 * must be there, and those not. The service answers with what it saw: method, address and headers.
 */
const folder = join(import.meta.dirname, 'route-options.cases');

const cases = readdirSync(folder).map((file) => {
  const name = file.replace(/\.txt$/, '');
  const host = `${name}.example`;
  const [routes = '', ...exchanges] = readFileSync(join(folder, file), 'utf8').trimEnd().split('\n----\n');
  return {
    name,
    host,
    routes: (parse(routes) as object[]).map((route, index) => ({
      id: `${name}-${index}`.slice(-60).replace(/^-/, ''),
      host,
      access: { authenticated: false },
      ...('redirect' in route || 'answer' in route ? {} : { service: 'echo' }),
      ...route,
    })),
    exchanges: exchanges.flatMap((request, index) =>
      index % 2 === 0 ? [{ request, answer: exchanges[index + 1] ?? '' }] : [],
    ),
  };
});

let upstream: Upstream;
let gateway: GatewayUnderTest;

beforeAll(async () => {
  upstream = await anUpstream((received, response) => {
    const seen = Object.entries(received.headersDistinct)
      .filter(([name]) => (name.startsWith('x-') && !isReservedHeader(name)) || name === 'authorization')
      .flatMap(([name, values]) => (values ?? []).map((value) => `${name}: ${value}`));
    const body = [`${received.method} ${received.url}`, ...seen].join('\n');
    response.writeHead(received.url === '/broken' ? 500 : 200, {
      'content-length': body.length,
      'access-control-allow-origin': 'https://service.example',
      'access-control-allow-credentials': 'true',
      vary: 'Accept-Encoding',
      server: 'echo',
      'x-powered-by': 'node',
    });
    response.end(body);
  });
  gateway = await aGateway({
    services: { echo: { instances: [{ url: upstream.url }] }, gone: { instances: [{ url: 'http://127.0.0.1:1' }] } },
    rateLimits: { one: { key: 'route', algorithm: 'fixed-window', quota: 1, window: '1h' } },
    routes: cases.flatMap(({ routes }) => routes) as never,
  });
});

afterAll(async () => {
  await gateway.stop();
  await upstream.close();
});

/** Status, header fields and body of an answer, each on a line. */
function linesOf(answer: string): string[] {
  const [first = '', ...fields] = answer.slice(0, answer.indexOf('\r\n\r\n')).split('\r\n');
  const status = first.split(' ')[1] ?? '';
  const body = bodyOf(answer);
  const text = body.startsWith('{"type"') ? (JSON.parse(body) as { code: string }).code : body;
  return [status, ...fields.map((field) => field.replace(/^[^:]+/, (name) => name.toLowerCase())), ...text.split('\n')];
}

describe('the options of a route', () => {
  it.each(cases)('$name', async ({ host, exchanges }) => {
    for (const { request, answer } of exchanges) {
      const [firstLine = '', ...fields] = request.split('\n');
      const head = [`${firstLine} HTTP/1.1`, `Host: ${host}`, 'Connection: close', ...fields];
      const lines = linesOf(await sendRaw(gateway.port, `${head.join('\r\n')}\r\n\r\n`));
      const expected = answer.split('\n').filter((line) => line !== '');
      const missing = expected.filter((line) => !line.startsWith('!') && !lines.includes(line));
      const forbidden = expected.filter(
        (line) => line.startsWith('!') && lines.some((seen) => seen.startsWith(line.slice(1))),
      );
      expect({ missing, forbidden, lines }).toEqual({ missing: [], forbidden: [], lines });
    }
  });

  it('tells the log which route answered, and how much', async () => {
    const line = gateway.log.next();
    await sendRaw(gateway.port, 'GET /teapot HTTP/1.1\r\nHost: a-fixed-answer.example\r\nConnection: close\r\n\r\n');
    expect(await line).toMatchObject({ route: 'a-fixed-answer-0', status: 418, bytes_out: 15, instance: '', flag: '' });
  });

  it.each([
    {
      path: '/teapot',
      host: 'a-fixed-answer.example',
      answer: { ':status': 418, 'content-type': 'application/tea+json' },
    },
    { path: '/here/7', host: 'a-redirect.example', answer: { ':status': 307, location: '/there/7' } },
    {
      path: '/named/a',
      host: 'cors-on-answers.example',
      answer: {
        ':status': 200,
        'access-control-allow-origin': 'https://app.example.com',
        vary: 'Accept-Encoding, Origin',
      },
    },
  ])('are the same over HTTP/2: $host$path', async ({ path, host, answer }) => {
    const session = connect(gateway.http);
    const stream = session.request({ ':path': path, ':authority': host, origin: 'https://app.example.com' });
    const [headers] = (await once(stream, 'response')) as [IncomingHttpHeaders];
    stream.resume();
    await once(stream, 'end');
    session.close();
    expect(headers).toMatchObject(answer);
  });
});
