import { jest } from '@jest/globals';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { aFolder, aLiveGateway, type LiveGateway, managementToken, onAnyPort } from './live-gateway.fixture.js';
import { anUpstream, type Upstream } from './upstream.fixture.js';

jest.setTimeout(30_000);

let folder: string;
let upstreams: Upstream[];
let gateway: LiveGateway;

const document = (): string =>
  onAnyPort(
    [
      'rateLimits:',
      '  by-address: { key: address, quota: 1000, window: 60s }',
      '  by-user: { key: user, quota: 50, window: 90s }',
      'addresses: { deny: [192.0.2.0/24], rateLimits: [by-address] }',
      'services:',
      '  shop:',
      '    balance: round-robin',
      `    instances: [{ url: '${upstreams[0]?.url}' }, { url: '${upstreams[1]?.url}', weight: 3 }]`,
      'routes:',
      '  - { id: shop, path: /shop/**, service: shop, access: { authenticated: false }, rateLimits: [by-user] }',
      '  - { id: cart, path: "/shop/cart/{id}", methods: [POST], service: shop, rewrite: "/carts/{id}",',
      '      requestHeaders: { set: { x-partner-token: "${PARTNER_TOKEN}", x-plain: "also ${PARTNER_TOKEN}" } } }',
    ].join('\n'),
  );

beforeAll(async () => {
  folder = aFolder();
  upstreams = await Promise.all(['one', 'two'].map((name) => anUpstream((_, response) => response.end(name))));
  writeFileSync(join(folder, 'gateway.yaml'), document());
  gateway = await aLiveGateway(folder, { PARTNER_TOKEN: 's3cret-of-partner' });
});
afterAll(async () => {
  await gateway.stop();
  for (const upstream of upstreams) await upstream.close();
  rmSync(folder, { recursive: true, force: true });
});

const get = async (path: string) => (await gateway.manage('GET', path)).body;
const post = (path: string, body: unknown) => gateway.manage('POST', path, body);
const hostOf = (index: number): string => new URL(upstreams[index]?.url ?? '').host;

describe('the management API', () => {
  it.each([
    { when: 'there is no token', authorization: undefined, code: 'AUTH_CREDENTIALS_MISSING' },
    { when: 'the token is wrong', authorization: 'Bearer wrong', code: 'AUTH_CREDENTIALS_REJECTED' },
    {
      when: 'the token comes another way',
      authorization: `Basic ${managementToken}`,
      code: 'AUTH_CREDENTIALS_REJECTED',
    },
    {
      when: 'the token is cut',
      authorization: `Bearer ${managementToken.slice(0, -1)}`,
      code: 'AUTH_CREDENTIALS_REJECTED',
    },
  ])('lets nobody in when $when', async ({ authorization, code }) => {
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    for (const [method, path] of [
      ['GET', '/configuration'],
      ['GET', '/services'],
      ['GET', '/limits'],
      ['GET', '/configuration/versions'],
      ['POST', '/drain'],
      ['PUT', `/services/shop/instances/${hostOf(0)}`],
      ['POST', '/explain'],
    ] as const) {
      const answer = await fetch(`${gateway.management}${path}`, { method, headers });
      expect({ path, status: answer.status, body: await answer.json() }).toMatchObject({
        path,
        status: 401,
        body: { code },
      });
    }
    expect((await fetch(`${gateway.http}/ready`)).status).toBe(200);
  });

  it('leaves probes, the actuator and its own description open, and is nowhere else', async () => {
    for (const path of ['/health', '/ready', '/actuator/prometheus', '/openapi.json']) {
      expect((await fetch(`${gateway.management}${path}`)).status).toBe(200);
    }
    for (const path of ['/configuration', '/services', '/limits']) {
      expect((await fetch(`${gateway.http}${path}`)).status).toBe(404);
    }
  });

  it('describes itself in OpenAPI 3.1', async () => {
    const description = await get('/openapi.json');
    expect(description).toMatchObject({ openapi: '3.1.0' });
    expect(Object.keys(description.paths)).toEqual(
      expect.arrayContaining([
        '/configuration',
        '/configuration/versions/{number}/publish',
        '/services/{name}',
        '/drain',
      ]),
    );
  });

  it('shows the configuration as one would write it, with its defaults and without secrets', async () => {
    const { configuration, source, version, failure } = await get('/configuration');
    expect({ source, failure, version }).toEqual({ source: 'file', failure: null, version: expect.any(String) });
    expect(configuration).toMatchObject({
      rateLimits: { 'by-user': { quota: 50, window: '90s' } },
      services: { shop: { timeouts: { connect: '2s' } } },
      routes: [
        { id: 'shop' },
        { requestHeaders: { set: { 'x-partner-token': '[redacted]', 'x-plain': 'also [redacted]' } } },
      ],
    });
    expect(JSON.stringify(configuration)).not.toContain('s3cret');
    expect((await post('/configuration/validate', { document: configuration })).body).toEqual({
      valid: true,
      mistakes: [],
      doubts: expect.any(Array),
    });
  });

  it('finds every mistake of a document, and changes nothing', async () => {
    const { status, body } = await post('/configuration/validate', {
      document: 'extra: 1\nroutes:\n  - { id: a, path: a, service: b }',
    });
    expect({ status, valid: body.valid }).toEqual({ status: 200, valid: false });
    expect(body.mistakes).toEqual([
      { line: 1, column: 1, path: 'extra', message: expect.any(String) },
      { line: 3, column: 14, path: 'routes.0.path', message: expect.any(String) },
      { line: 3, column: 23, path: 'routes.0.service', message: expect.any(String) },
    ]);
    expect((await get('/configuration')).configuration.routes).toHaveLength(2);
  });

  it('tells what a document would change, and that a secret would, but not what it is', async () => {
    const next = document().replace('quota: 50', 'quota: 60').replace('"${PARTNER_TOKEN}"', 'another-s3cret');
    const { changes } = (await post('/configuration/diff', { document: next })).body;
    expect(changes).toEqual([
      { path: ['rateLimits', 'by-user', 'quota'], kind: 'changed', before: 50, after: 60 },
      {
        path: ['routes', 'cart', 'requestHeaders', 'set', 'x-partner-token'],
        kind: 'changed',
        before: '[redacted]',
        after: '[redacted]',
      },
    ]);
    expect((await post('/configuration/diff', { document: document() })).body).toEqual({ changes: [] });
    expect((await post('/configuration/diff', { document: 'extra: 1' })).body).toMatchObject({
      code: 'REQUEST_INVALID',
    });
  });

  it('has no versions where the configuration is a file', async () => {
    const refused = await post('/configuration/versions', { document: '{}', author: 'a', reason: 'b' });
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'RESOURCE_CONFLICT', detail: expect.stringContaining('file') },
    });
  });

  it('shows services and instances, and how they do', async () => {
    const shop = await get('/services/shop');
    expect(shop).toMatchObject({
      name: 'shop',
      balance: 'round-robin',
      available: true,
      instances: [
        { url: upstreams[0]?.url, status: 'fit', weight: 1, inFlight: 0 },
        { url: upstreams[1]?.url, status: 'fit', weight: 3, configuredWeight: 3 },
      ],
    });
    expect(await get('/services')).toEqual({ items: [shop] });
    expect(await get('/services/none')).toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
  });

  it('drains an instance, gives it another weight, and takes both back, across a reload', async () => {
    const instance = `/services/shop/instances/${hostOf(0)}`;
    const answers = async (): Promise<string[]> => {
      const got = await Promise.all(
        Array.from({ length: 8 }, async () => (await fetch(`${gateway.http}/shop`)).text()),
      );
      return [...new Set(got)].toSorted();
    };
    expect(await answers()).toEqual(['one', 'two']);
    expect(await gateway.manage('PUT', instance, { drain: true, weight: 7 })).toMatchObject({
      status: 200,
      body: { status: 'draining', weight: 7, configuredWeight: 1 },
    });
    expect(await answers()).toEqual(['two']);

    const { version } = await get('/configuration');
    writeFileSync(join(folder, 'gateway.yaml'), `${document()}\n# another one`);
    await gateway.until((body) => body.version !== version);
    expect(await answers()).toEqual(['two']);

    expect((await gateway.manage('PUT', instance, {})).body).toMatchObject({ status: 'fit', weight: 1 });
    expect(await answers()).toEqual(['one', 'two']);
    const named = `/services/shop/instances/${encodeURIComponent(upstreams[0]?.url ?? '')}`;
    expect((await gateway.manage('PUT', named, {})).status).toBe(200);
  });

  it.each([
    { body: { drain: 'yes' }, field: 'drain' },
    { body: { weight: 0 }, field: 'weight' },
    { body: { wait: 1 }, field: 'wait' },
  ])('refuses an override of $body', async ({ body, field }) => {
    const refused = await gateway.manage('PUT', `/services/shop/instances/${hostOf(0)}`, body);
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ field }] } });
    expect(await gateway.manage('PUT', '/services/shop/instances/127.0.0.1:1', {})).toMatchObject({ status: 404 });
  });

  it('shows the limits in force and where they hold', async () => {
    expect(await get('/limits')).toMatchObject({
      items: [
        { name: 'by-address', quota: 1000, everywhere: true },
        { name: 'by-user', quota: 50, window: '90s', routes: ['shop'], everywhere: false },
      ],
      addresses: { allow: [], deny: ['192.0.2.0/24'] },
      shared: false,
      request: { bodyBytes: '10MiB' },
    });
  });

  it('explains a request: which route wins and why not the others, what it has to pass, and where it goes', async () => {
    const { body } = await post('/explain', { method: 'POST', url: '/shop/x/../cart/7?a=1' });
    expect(body).toMatchObject({
      request: { method: 'POST', path: '/shop/cart/7', query: '?a=1' },
      verdicts: expect.arrayContaining([
        expect.objectContaining({ route: 'cart', result: 'wins' }),
        expect.objectContaining({ route: 'shop', result: 'loses' }),
      ]),
      policies: { access: { authenticated: true }, rateLimits: [{ name: 'by-address' }] },
      upstream: { service: 'shop', path: '/carts/7', instance: expect.stringMatching(/^http:/), instances: 2 },
    });
    expect((await post('/explain', { url: '/none' })).body).toMatchObject({ outcome: expect.stringContaining('404') });
    expect((await post('/explain', { url: '/a%00' })).body).toMatchObject({ outcome: expect.stringContaining('400') });
  });

  it('takes whole configurations, which are larger than what services take', async () => {
    const large = `${document()}\n# ${'x'.repeat(3 * 1024 * 1024)}`;
    expect((await post('/configuration/validate', { document: large })).body).toMatchObject({ valid: true });
  });

  it.each([
    { body: '{', type: 'application/json', status: 400 },
    { body: '{}', type: 'text/plain', status: 415 },
    { body: '{}', type: 'application/json', status: 400 },
  ])('refuses a body of $body as $type with $status', async ({ body, type, status }) => {
    const answer = await fetch(`${gateway.management}/configuration/validate`, {
      method: 'POST',
      headers: { authorization: `Bearer ${managementToken}`, 'content-type': type },
      body,
    });
    expect(answer.status).toBe(status);
  });

  it('takes the gateway out of rotation, which serves on', async () => {
    expect(await post('/drain', undefined)).toMatchObject({ status: 202, body: { draining: true } });
    expect((await fetch(`${gateway.http}/ready`)).status).toBe(503);
    expect((await fetch(`${gateway.http}/shop`)).status).toBe(200);
  });
});

it('a token is made and kept where none is given', async () => {
  const other = aFolder();
  writeFileSync(join(other, 'gateway.yaml'), onAnyPort(''));
  const running = await aLiveGateway(other, { MANAGEMENT_TOKEN: '' });
  const { readFileSync } = await import('node:fs');
  const token = readFileSync(join(other, 'data', 'secrets', 'management-token'), 'utf8').trim();
  const ask = (authorization: string) => fetch(`${running.management}/limits`, { headers: { authorization } });
  expect((await ask(`Bearer ${token}`)).status).toBe(200);
  expect((await ask('Bearer undefined')).status).toBe(401);
  await running.stop();
  rmSync(other, { recursive: true });
});
