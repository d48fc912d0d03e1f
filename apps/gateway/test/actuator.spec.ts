import { jest } from '@jest/globals';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { aFolder, aLiveGateway, type LiveGateway, onAnyPort } from './live-gateway.fixture.js';

jest.setTimeout(30_000);

const document = onAnyPort(
  [
    'rateLimits: { by-address: { key: address, quota: 1000, window: 60s } }',
    "services: { shop: { instances: [{ url: 'http://127.0.0.1:1' }] } }",
    'routes:',
    '  - id: cart',
    '    path: /shop/cart/{id}',
    '    host: shop.example.com',
    '    methods: [POST]',
    '    headers: [{ name: x-version, is: "2" }]',
    '    priority: 5',
    '    service: shop',
    '    rewrite: /carts/{id}',
    '    rateLimits: [by-address]',
    '    requestHeaders: { set: { x-partner-token: "${PARTNER_TOKEN}" } }',
    '  - { id: old, path: /old, redirect: { to: /new }, access: { authenticated: false } }',
  ].join('\n'),
);

let folder: string;
let gateway: LiveGateway;

beforeAll(async () => {
  folder = aFolder();
  writeFileSync(join(folder, 'gateway.yaml'), document);
  gateway = await aLiveGateway(folder, { PARTNER_TOKEN: 's3cret-of-partner' });
});
afterAll(async () => {
  await gateway.stop();
  rmSync(folder, { recursive: true, force: true });
});

const get = async (path: string) => (await gateway.manage('GET', `/actuator${path}`)).body;

describe('the actuator of a gateway', () => {
  it('links to its routes', async () => {
    const { _links: links } = await get('');
    expect(links).toMatchObject({
      gateway: { href: `${gateway.management}/actuator/gateway`, templated: false },
      'gateway-routes': { href: `${gateway.management}/actuator/gateway/routes`, templated: false },
      'gateway-routes-id': { templated: true },
    });
  });

  it('lists the routes in force as Spring Cloud Gateway does, without what is secret in them', async () => {
    const routes = await get('/gateway/routes');
    expect(routes).toEqual([
      {
        route_id: 'cart',
        predicate: 'Path: [/shop/cart/{id}] && Host: [shop.example.com] && Method: [POST] && Header: [x-version]',
        filters: [
          '[[RewritePath: [/shop/cart/{id}, /carts/{id}]], order = 1]',
          '[[SetRequestHeader: [x-partner-token]], order = 2]',
          '[[RequestRateLimiter: [by-address]], order = 3]',
        ],
        uri: 'lb://shop',
        order: -5,
        metadata: expect.objectContaining({ access: expect.any(Object) }),
      },
      expect.objectContaining({ route_id: 'old', uri: '/new', order: 0 }),
    ]);
    expect(JSON.stringify(routes)).not.toContain('s3cret');
  });

  it('shows a single route by its parts', async () => {
    expect(await get('/gateway/routes/old')).toEqual({
      id: 'old',
      predicates: [{ name: 'Path', args: { _genkey_0: '/old' } }],
      filters: [{ name: 'RedirectTo', args: { _genkey_0: '307', _genkey_1: '/new' } }],
      uri: '/new',
      order: 0,
      metadata: expect.any(Object),
    });
    expect((await gateway.manage('GET', '/actuator/gateway/routes/none')).status).toBe(404);
  });

  it.each(['', '/health', '/prometheus', '/loggers', '/gateway/routes', '/env', '/metrics/http.server.requests'])(
    'is nothing at all to strangers at /actuator%s on the public port',
    async (path) => {
      for (const method of ['GET', 'POST', 'OPTIONS', 'DELETE']) {
        const answer = await fetch(`${gateway.http}/actuator${path}`, { method });
        expect([method, answer.status]).toEqual([method, 404]);
      }
    },
  );

  it.each(['/Actuator/health', '/actuator;a=b/health', '/%2Factuator/health', '/actuator%2Fhealth'])(
    'is not there in other spellings: %s',
    async (path) => {
      expect((await fetch(`${gateway.http}${path}`)).status).toBeGreaterThanOrEqual(400);
    },
  );
});
