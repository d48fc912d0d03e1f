import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Names } from '@libs/names';
import { NameServer } from '@libs/testing';

import { aGateway, type GatewayUnderTest } from './gateway.fixture.js';

/** More than libuv's pool has threads, and than it would have with any sensible setting. */
const many = 64;

let nameServer: NameServer;
let names: Names;
let gateway: GatewayUnderTest | undefined;
let servers: Server[];

beforeEach(async () => {
  nameServer = await NameServer.start();
  names = new Names({ servers: [nameServer.address], resolverFile: '/nowhere' });
  gateway = undefined;
  servers = [];
});
afterEach(async () => {
  await gateway?.stop();
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
  await nameServer.close();
});

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  return (server.address() as AddressInfo).port;
}

const here = [{ type: 'A' as const, address: '127.0.0.1' }];

describe('a name server that is silent about one service', () => {
  it('costs the requests to another one nothing', async () => {
    const port = await serve((_, response) => response.end('shop'));
    nameServer.know('shop.test', here);
    nameServer.know('lost.test', 'silent');
    const serviceAt = (host: string) => ({
      connections: 512,
      retries: 0,
      instances: [{ url: `http://${host}:${port}` }],
    });
    gateway = await aGateway(
      {
        services: { shop: serviceAt('shop.test'), lost: serviceAt('lost.test') },
        routes: ['shop', 'lost'].map((id) => ({
          id,
          path: `/${id}/**`,
          service: id,
          access: { authenticated: false },
        })),
      },
      { names },
    );
    const answered: string[] = [];
    const ask = async (path: string): Promise<void> => {
      const answer = await fetch(`${gateway?.http}${path}`);
      await answer.text();
      answered.push(`${path} ${answer.status}`);
    };
    const waiting = Array.from({ length: many }, () => ask('/lost/x'));
    while (nameServer.questionsAbout('lost.test') === 0) await new Promise((resolve) => setImmediate(resolve));
    await Promise.all(Array.from({ length: many }, () => ask('/shop/x')));
    expect(answered).toEqual(Array(many).fill('/shop/x 200'));
    await Promise.all(waiting);
    expect(new Set(answered.slice(many))).toEqual(new Set(['/lost/x 503']));
    expect(nameServer.questionsAbout('shop.test')).toBe(2);
  });

  it.each(['http', 'tcp', 'grpc'] as const)('lets checks over %s of another one pass', async (type) => {
    let asked = 0;
    const port = await serve((_, response) => {
      asked++;
      response.end();
    });
    servers[0]?.on('connection', () => asked++);
    nameServer.know('shop.test', here);
    gateway = await aGateway(
      {
        services: {
          shop: {
            instances: [{ url: `http://shop.test:${port}` }],
            health: { check: { type, interval: '1s', timeout: '900ms' } },
          },
        },
        routes: [],
      },
      { names },
    );
    while (asked === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(nameServer.questionsAbout('shop.test')).toBeGreaterThan(0);
  });

  it('lets the keys of an issuer be fetched', async () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'ES256', use: 'sig' }];
    let fetched = 0;
    const port = await serve((_, response) => {
      fetched++;
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
    });
    nameServer.know('issuer.test', here);
    const shop = await serve((_, response) => response.end());
    gateway = await aGateway(
      {
        services: { shop: { instances: [{ url: `http://127.0.0.1:${shop}` }] } },
        authentication: {
          jwt: {
            issuers: [
              { issuer: 'i', audience: 'a', jwksUrl: `http://issuer.test:${port}/keys`, algorithms: ['ES256'] },
            ],
          },
        },
        routes: [{ id: 'shop', path: '/**', service: 'shop' }],
      },
      { names },
    );
    const iat = Math.floor(Date.now() / 1_000);
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = `${part({ alg: 'ES256', kid: 'one', typ: 'JWT' })}.${part({ iss: 'i', aud: 'a', sub: 'u', iat, exp: iat + 600 })}.${'A'.repeat(86)}`;
    const answer = await fetch(gateway.http, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(401);
    expect(fetched).toBe(1);
  });
});
