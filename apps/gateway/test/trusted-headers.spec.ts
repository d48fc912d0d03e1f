import { deriveSealKey, openSeal, reservedHeaders } from '@libs/trusted-headers';

import { secondNames } from '../src/configuration/schema/client-headers.schema.js';
import { hopByHopHeaders } from '../src/http/header-rules.js';
import { aGateway, everythingTo, type GatewayUnderTest, sealKey } from './gateway.fixture.js';
import { ask, openHttp2 } from './http2-client.fixture.js';
import { request, sendRaw, statusOf } from './raw-client.fixture.js';
import { anUpstream, type Upstream } from './upstream.fixture.js';

let upstream: Upstream;
let gateway: GatewayUnderTest;

beforeAll(async () => {
  upstream = await anUpstream((_, response) => {
    response.writeHead(200, {
      'x-user-id': 'leak',
      'x-request-id': 'theirs',
      connection: 'keep-alive, x-hop',
      'x-hop': '1',
    });
    response.end('ok');
  });
  gateway = await aGateway(everythingTo(upstream.url));
});

afterAll(async () => {
  await gateway.stop();
  await upstream.close();
});

/** What the service saw of this request. */
async function seenBy(...headers: string[]) {
  const answer = await sendRaw(gateway.port, request('GET /projects HTTP/1.1', ...headers));
  expect(statusOf(answer)).toBe(200);
  const seen = upstream.requests.at(-1);
  if (seen === undefined) throw new Error('nothing arrived');
  return { answer, seen, distinct: seen.headersDistinct };
}

const forwardedFamily = ['server', 'port', 'prefix', 'scheme', 'ssl', 'by', 'user', 'client-cert'];
const forged = [
  ...reservedHeaders,
  'traceparent',
  ...forwardedFamily.map((name) => `x-forwarded-${name}`),
  ...secondNames.map((name) => name.replace('*', '-of-anything')),
];

/** What says where a message ends and what it holds: good in one spelling, which other tests send, and in no other. */
const framing = [
  ...hopByHopHeaders,
  'content-length',
  'content-type',
  'content-encoding',
  'content-range',
  'content-location',
];

const misspellings = (name: string): string[] =>
  [
    name.replaceAll('-', '_'),
    name.replaceAll('-', '.'),
    name.replaceAll('-', '~'),
    name.replace('-', '_').toUpperCase(),
  ].filter((spelling) => spelling.toLowerCase() !== name.toLowerCase());

const spellings = (name: string): string[] => [name, name.toUpperCase(), ...misspellings(name)];

describe('trusted headers', () => {
  it.each(forged)('let nothing through that a client sends as %s, in any spelling', async (name) => {
    const { seen } = await seenBy(...spellings(name).map((spelling) => `${spelling}: forged`));
    expect(JSON.stringify(seen.rawHeaders)).not.toContain('forged');
  });

  it.each([...forged, ...framing])('let nothing through that is called like %s in HTTP/2', async (name) => {
    const spelled = framing.includes(name) ? misspellings(name) : spellings(name);
    const session = await openHttp2(`http://127.0.0.1:${gateway.port}`);
    const fields = Object.fromEntries(spelled.map((spelling) => [spelling.toLowerCase(), 'forged']));
    expect(await ask(session, { ':path': '/projects', ...fields })).toMatchObject({ status: 200 });
    session.close();
    expect(JSON.stringify(upstream.requests.at(-1)?.rawHeaders)).not.toContain('forged');
  });

  it.each(framing)('let nothing through that is nearly called %s', async (name) => {
    const { seen } = await seenBy(...misspellings(name).map((spelling) => `${spelling}: forged`));
    expect(JSON.stringify(seen.rawHeaders)).not.toContain('forged');
  });

  it('arrive once each, sealed for that service', async () => {
    const { seen, distinct } = await seenBy('X-User-Id: 1', 'x-user-id: 2', 'X_User_Id: 3');
    const doubled = Object.entries(distinct).filter(([, values]) => (values?.length ?? 0) > 1);
    expect(doubled).toEqual([]);
    const opened = openSeal({
      headers: seen.headers,
      method: 'GET',
      path: '/projects',
      key: deriveSealKey(sealKey, 'echo'),
      now: Date.now(),
    });
    expect(opened.identity).toMatchObject({ userId: '', authMethod: 'none' });
  });

  it('cannot be removed by naming them in Connection', async () => {
    const { distinct } = await seenBy('Connection: close, X-User-Id, X-Request-Id, Signature');
    expect(distinct).toMatchObject({
      'x-user-id': [''],
      'x-request-id': [expect.any(String)],
      signature: [expect.any(String)],
    });
  });

  it('never include the credentials of the client', async () => {
    const { seen } = await seenBy('Authorization_: Bearer forged', 'Proxy-Authorization: forged', 'X_Api_Key: forged');
    expect(JSON.stringify(seen.rawHeaders)).not.toContain('Proxy-Authorization');
    expect(seen.headers).not.toHaveProperty('x_api_key');
    expect(seen.headers).not.toHaveProperty('authorization');
  });

  it('say who called, by the address of the connection when no proxy is trusted', async () => {
    const { distinct } = await seenBy('X-Forwarded-For: 6.6.6.6', 'Forwarded: for=6.6.6.6');
    expect(distinct).toMatchObject({
      'x-forwarded-for': ['127.0.0.1'],
      'x-forwarded-proto': ['http'],
      'x-forwarded-host': ['api.example'],
      forwarded: ['for=127.0.0.1;host=api.example;proto=http'],
    });
  });

  it('go on with a trace that is well formed, and begin one otherwise', async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const good = await seenBy(`traceparent: 00-${traceId}-00f067aa0ba902b7-01`, 'tracestate: a=b');
    expect(good.seen.headers['traceparent']).toMatch(new RegExp(`^00-${traceId}-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$`));
    expect(good.seen.headers).toMatchObject({ 'x-trace-id': traceId, tracestate: 'a=b' });
    expect(good.answer).toContain(`x-trace-id: ${traceId}`);

    const lines = await seenBy(`traceparent: 00-${traceId}-00f067aa0ba902b7-01`, 'tracestate: a=b', 'tracestate: c=d');
    expect(lines.distinct).toMatchObject({ tracestate: ['a=b,c=d'] });

    const odd = await seenBy(`traceparent: 00-${traceId}-00f067aa0ba902b7-01`, 'tracestate: a=b', 'tracestate: A');
    expect(odd.seen.headers).toMatchObject({ 'x-trace-id': traceId });
    expect(odd.seen.headers).not.toHaveProperty('tracestate');

    const bad = await seenBy('traceparent: 00-nonsense', 'tracestate: a=b');
    expect(bad.seen.headers['traceparent']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    expect(bad.seen.headers).not.toHaveProperty('tracestate');
  });
});

describe('hop-by-hop headers', () => {
  it('do not pass, nor do those that Connection names', async () => {
    const { seen } = await seenBy(
      'Connection: close, X-Mine',
      'X-Mine: 1',
      'Keep-Alive: 1',
      'TE: trailers',
      'Upgrade: h2c',
    );
    for (const name of ['x-mine', 'keep-alive', 'te', 'upgrade']) expect(seen.headers).not.toHaveProperty(name);
  });

  it('and headers that only the gateway writes do not pass in answers either', async () => {
    const { answer } = await seenBy();
    expect(answer).not.toMatch(/x-user-id|x-hop|theirs/i);
    expect(answer.match(/x-request-id/gi)).toHaveLength(1);
  });

  it('leaves other headers alone, duplicates too', async () => {
    const { distinct } = await seenBy('X-Custom: 1', 'X-Custom: 2', 'Accept: */*', 'Cookie: a=b');
    expect(distinct).toMatchObject({ 'x-custom': ['1', '2'], accept: ['*/*'], cookie: ['a=b'] });
  });
});

describe('the second names that a configuration names', () => {
  it('are those that it says, and no others', async () => {
    const own = await aGateway({ ...everythingTo(upstream.url), clientHeaders: { strip: ['X-Mine', 'X-Ours-*'] } });
    const lines = ['X_Mine: forged', 'X-Ours-One: forged', 'X.Ours.Two: forged', 'X-Real-IP: 192.0.2.7', 'X-Ours: 1'];
    expect(statusOf(await sendRaw(own.port, request('GET /projects HTTP/1.1', ...lines)))).toBe(200);
    await own.stop();
    const seen = upstream.requests.at(-1);
    expect(JSON.stringify(seen?.rawHeaders)).not.toContain('forged');
    expect(seen?.headers).toMatchObject({ 'x-real-ip': '192.0.2.7', 'x-ours': '1' });
  });
});

describe('X-Forwarded-Host', () => {
  const behindProxy = (clientHeaders: object, trustedProxies = ['127.0.0.1']) =>
    aGateway({
      trustedProxies,
      clientHeaders,
      services: { echo: { instances: [{ url: upstream.url }] } },
      routes: [
        { id: 'open', path: '/**', host: 'api.example', service: 'echo', access: { authenticated: false } },
        { id: 'other', path: '/**', host: 'other.example', answer: { status: 418 }, access: { authenticated: false } },
      ],
    });
  const statusBehindProxy = async (clientHeaders: object, forwardedHost: string, trustedProxies?: string[]) => {
    const behind = await behindProxy(clientHeaders, trustedProxies);
    const lines = forwardedHost.split('|').map((host) => `X-Forwarded-Host: ${host}`);
    const status = statusOf(await sendRaw(behind.port, request('GET /a HTTP/1.1', ...lines)));
    await behind.stop();
    return status;
  };

  it('does not choose the route, even from a trusted proxy', async () => {
    expect(await statusBehindProxy({}, 'other.example')).toBe(200);
    expect(upstream.requests.at(-1)?.headers['x-forwarded-host']).toBe('api.example');
  });

  it('chooses it where the configuration says so, from a trusted proxy only', async () => {
    expect(await statusBehindProxy({ forwardedHost: 'believe' }, 'other.example')).toBe(418);
    expect(await statusBehindProxy({ forwardedHost: 'believe' }, 'other.example', ['192.0.2.1'])).toBe(200);
  });

  it.each(['api.example, other.example', 'api.example|other.example', 'api.example|', 'OTHER.example:8080 ,'])(
    'is a list, of which the nearest proxy wrote the last: "%s"',
    async (hosts) => {
      const status = hosts === 'api.example|' ? 200 : 418;
      expect(await statusBehindProxy({ forwardedHost: 'believe' }, hosts)).toBe(status);
    },
  );

  it.each(['', ' , ', 'a b', 'other.example, a/b', 'other.example/', 'a@other.example'])(
    'is refused where it is believed and is no host: "%s"',
    async (host) => {
      expect(await statusBehindProxy({ forwardedHost: 'believe' }, host)).toBe(400);
    },
  );
});
