import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ConfigError, parseYaml } from '@libs/config';
import { parse } from 'yaml';
import { z } from 'zod';

import { gatewayConfiguration } from '../check/gateway-configuration.js';

const configFolder = join(import.meta.dirname, '../../../../../config');
const example = readFileSync(join(configFolder, 'gateway.example.yaml'), 'utf8');

const read = (text: string) => parseYaml(text, gatewayConfiguration, { source: 'test.yaml', env: {} });

function mistakesOf(text: string): string[] {
  try {
    read(text);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes.map(({ line, path }) => `${line} ${path}`);
    throw error;
  }
}

interface Described {
  readonly properties?: Readonly<Record<string, Described>>;
  readonly additionalProperties?: Described | boolean;
  readonly items?: Described;
  readonly default?: unknown;
  readonly description?: string;
}

/** Options that are not in the example, or with another value than their default, or without a description. */
function driftOf(schema: Described, samples: readonly unknown[], path: string): string[] {
  if (schema.properties !== undefined) {
    return Object.entries(schema.properties).flatMap(([key, property]) => {
      const values = samples
        .map((sample) => (sample as Record<string, unknown>)[key])
        .filter((value) => value !== undefined);
      const at = `${path}.${key}`;
      if (values.length === 0) return [`${at} is missing`];
      return [
        ...(property.description === undefined && !['listen', 'management'].includes(path)
          ? [`${at} has no description`]
          : []),
        ...driftOf(property, values, at),
      ];
    });
  }
  if (typeof schema.additionalProperties === 'object') {
    return driftOf(
      schema.additionalProperties,
      samples.flatMap((sample) => Object.values(sample as object)),
      `${path}.*`,
    );
  }
  if (schema.items?.properties !== undefined) return driftOf(schema.items, samples.flat(), `${path}.*`);
  const isDefault =
    schema.default === undefined || samples.some((value) => JSON.stringify(value) === JSON.stringify(schema.default));
  return isDefault ? [] : [`${path} is not ${JSON.stringify(schema.default)}`];
}

describe('the configuration of the gateway', () => {
  it('may be empty: then nothing is reachable', () => {
    expect(read('')).toMatchObject({ listen: { port: 8080 }, routes: [], limits: { bodyBytes: 10 * 1024 * 1024 } });
  });

  it('takes the example, which has every option with its default', () => {
    expect(mistakesOf(example)).toEqual([]);
    const schema = z.toJSONSchema(gatewayConfiguration, { io: 'input', unrepresentable: 'any' }) as Described;
    const optionsOfFirstRoute = driftOf(schema, [parse(example)], 'gateway').filter(
      // Absent means another thing than any value here.
      (drift) => !/routes\.\*\.(methods|rateLimits) is not|\.(issuers|rateLimits|services|routes) is not/.test(drift),
    );
    expect(optionsOfFirstRoute).toEqual([]);
  });

  it('takes what the stack runs, with nothing set in the environment', () => {
    const text = readFileSync(join(configFolder, 'gateway.yaml'), 'utf8');
    expect(mistakesOf(text)).toEqual([]);
    expect(read(text).trustedProxies).toEqual([]);
  });

  it('takes the example of the design to the letter', () => {
    const text = `
listen: { host: 0.0.0.0, port: 8080 }
management: { host: 127.0.0.1, port: 9090 }
trustedProxies: [127.0.0.1/32]
authentication:
  jwt:
    issuers:
      - issuer: https://auth.example.com
        audience: api
        algorithms: [RS256]
        publicKeyFile: ./public.pem        # or jwksUrl
  apiKeys: { header: X-Api-Key, resolver: grpc }   # or none
accounts: { resolver: grpc }                       # or none: whoever has a valid token is active
rateLimits:
  by-address: { key: address, algorithm: token-bucket, quota: 600, window: 60s, burst: 100 }
  by-user: { key: user, algorithm: sliding-window, quota: 600, window: 60s }
services:
  project-service:
    balance: round-robin
    instances: [{ url: http://127.0.0.1:3003, weight: 1 }]
routes:
  - id: projects
    path: /projects/**
    service: project-service
    access: { authenticated: true, roles: [] }
    rateLimits: [by-user]`;
    expect(mistakesOf(text)).toEqual([]);
    expect(read(text)).toMatchObject({
      rateLimits: { 'by-user': { key: ['user'], algorithm: 'sliding-window', quota: 600, window: 60_000 } },
      routes: [{ id: 'projects', access: { authenticated: true }, rateLimits: ['by-user'] }],
    });
  });

  it.each([
    {
      option: 'balance',
      text: (value: string) => `services: { s: { balance: ${value}, instances: [{ url: http://a }] } }`,
      values: ['round-robin', 'weighted', 'least-connections', 'random', 'p2c', 'ewma', 'consistent-hash'],
    },
    {
      option: 'algorithm',
      text: (value: string) => `rateLimits: { l: { key: user, algorithm: ${value}, quota: 1, window: 1s } }`,
      values: ['token-bucket', 'leaky-bucket', 'fixed-window', 'sliding-window'],
    },
    {
      option: 'key',
      text: (value: string) => `rateLimits: { l: { key: ${value}, quota: 1, window: 1s } }`,
      values: ['address', 'user', 'tenant', 'apiKey', 'route'],
    },
  ])('takes every $option that the design names', ({ text, values }) => {
    expect(values.flatMap((value) => mistakesOf(text(value)))).toEqual([]);
  });

  it('takes a variable with several networks where it takes a list', () => {
    const text = 'trustedProxies: ${PROXIES}';
    const parsed = parseYaml(text, gatewayConfiguration, { source: 'x', env: { PROXIES: '10.0.0.0/8, ::1' } });
    expect(parsed.trustedProxies).toEqual(['10.0.0.0/8', '::1']);
  });

  it.each([
    { what: 'an unknown key', text: 'listen: { prot: 1 }', at: '1 listen.prot' },
    { what: 'a port out of range', text: 'listen: { port: 70000 }', at: '1 listen.port' },
    { what: 'a length of time without a unit', text: 'limits:\n  requestTimeout: 60', at: '2 limits.requestTimeout' },
    { what: 'one port for clients and operators', text: 'listen: { port: 9090, host: 0.0.0.0 }', at: '1 listen.port' },
    {
      what: 'an instance without a scheme',
      text: 'services: { s: { instances: [{ url: localhost:3000 }] } }',
      at: '1 services.s.instances.0.url',
    },
    { what: 'a network that is none', text: 'addresses: { deny: [10.0.0.0/33] }', at: '1 addresses.deny.0' },
    {
      what: 'two routes with one id',
      text: routes('{ id: a, path: /a, service: s }', '{ id: a, path: /b, service: s }'),
      at: '4 routes.1.id',
    },
    {
      what: 'two routes that nothing tells apart',
      text: routes('{ id: a, path: "/a/{x}", service: s }', '{ id: b, path: "/a/{y}", service: s }'),
      at: '4 routes.1.path',
    },
    { what: 'a service that is not there', text: routes('{ id: a, path: /a, service: t }'), at: '3 routes.0.service' },
    {
      what: 'a limit that is not there',
      text: routes('{ id: a, path: /a, service: s, rateLimits: [x] }'),
      at: '3 routes.0.rateLimits.0',
    },
    { what: 'a path that is not normal', text: routes('{ id: a, path: /a//b, service: s }'), at: '3 routes.0.path' },
    {
      what: 'a path with ** in the middle',
      text: routes('{ id: a, path: /a/**/b, service: s }'),
      at: '3 routes.0.path',
    },
    {
      what: 'a path that is the gateway’s own',
      text: routes('{ id: a, path: /health, service: s }'),
      at: '3 routes.0.path',
    },
    {
      what: 'a path that never is reachable',
      text: routes('{ id: a, path: /internal/**, service: s }'),
      at: '3 routes.0.path',
    },
    {
      what: 'a rewrite with a parameter that the path has not',
      text: routes('{ id: a, path: /a, rewrite: "/{x}", service: s }'),
      at: '3 routes.0.rewrite',
    },
    {
      what: 'an instance with a path',
      text: 'services: { s: { instances: [{ url: http://a/b }] } }',
      at: '1 services.s.instances.0.url',
    },
    {
      what: 'an issuer without a key',
      text: 'authentication: { jwt: { issuers: [{ issuer: a, audience: b }] } }',
      at: '1 authentication.jwt.issuers.0',
    },
  ])('refuses $what', ({ text, at }) => {
    expect(mistakesOf(text)).toEqual([at]);
  });

  it('takes two routes at one path with different methods', () => {
    const text = routes(
      '{ id: a, path: /a, service: s, methods: [GET] }',
      '{ id: b, path: /a, service: s, methods: [POST] }',
    );
    expect(mistakesOf(text)).toEqual([]);
  });

  it('reports all mistakes at once', () => {
    expect(mistakesOf('listen: { port: x }\nmanagement: { port: y }')).toEqual(['1 listen.port', '2 management.port']);
  });

  it('reports what is wrong with the references of what is right, whatever else is wrong', () => {
    const text = [
      'listen: { port: x }',
      'addresses: { rateLimits: [gone, broken, by-user] }',
      'rateLimits:',
      '  by-user: { key: user, quota: 1, window: 1s }',
      '  broken: { key: address }',
      'services:',
      '  s: { instances: [{ url: http://127.0.0.1:1 }] }',
      '  broken: { instances: [{ url: nowhere }] }',
      'routes:',
      '  - { id: a, path: /a, service: s, extra: 1 }',
      '  - { id: b, path: /b, service: t }',
      '  - { id: c, path: /c, service: broken, rateLimits: [x] }',
      '  - { id: b, path: /d, service: s }',
    ].join('\n');
    expect(mistakesOf(text)).toEqual([
      '1 listen.port',
      '2 addresses.rateLimits.0',
      '2 addresses.rateLimits.2',
      '5 rateLimits.broken.quota',
      '8 services.broken.instances.0.url',
      '10 routes.0.extra',
      '11 routes.1.service',
      '12 routes.2.rateLimits.0',
      '13 routes.3.id',
    ]);
  });

  it.each([
    { what: 'a list', text: '- a' },
    { what: 'a text', text: 'hello' },
    {
      what: 'sections of the wrong kind',
      text: 'routes: 1\nservices: [a]\nrateLimits: x\naddresses: { rateLimits: 1 }',
    },
  ])('survives $what', ({ text }) => {
    expect(mistakesOf(text).length).toBeGreaterThan(0);
  });

  it.each([
    { what: 'no instances and nowhere to look', service: '{}', at: '1 services.s.instances' },
    {
      what: 'one instance twice',
      service: '{ instances: [{ url: http://a }, { url: "http://a:80" }] }',
      at: '1 services.s.instances.1.url',
    },
    { what: 'two places to look', service: '{ discovery: { dns: { name: a, port: 1 }, nacos: { service: a } } }' },
    { what: 'a port beside SRV', service: '{ discovery: { dns: { name: a, type: SRV, port: 1 } } }' },
    { what: 'no port beside A', service: '{ discovery: { dns: { name: a } } }' },
  ])(
    'refuses a service with $what',
    ({ service, at = expect.stringMatching(/^1 services\.s\.discovery/) as string }) => {
      expect(mistakesOf(`services: { s: ${service} }`)).toEqual([at]);
    },
  );
});

function routes(...lines: string[]): string {
  return [
    'services: { s: { instances: [{ url: http://127.0.0.1:1 }] } }',
    'routes:',
    ...lines.map((line) => `  - ${line}`),
  ].join('\n');
}

describe('the certificate that clients are shown', () => {
  const tlsOf = (text: string) => read(`listen: { tls: ${text} }\nservices: {}\nroutes: []`).listen.tls;

  it('is none where variables name none, and only there', () => {
    expect(tlsOf("{ certFile: '${CERT:-}', keyFile: '${KEY:-}' }")).toBeUndefined();
    expect(tlsOf('{ certFile: a, keyFile: b }')).toEqual({ certFile: 'a', keyFile: 'b' });
  });

  it.each(['{}', "{ certFile: '' }", "{ certFile: a, keyFile: '' }", "{ certFile: '', keyFile: b }"])(
    'is a mistake, and not plain HTTP, when half of it is missing: %s',
    (text) => {
      expect(() => tlsOf(text)).toThrow(ConfigError);
    },
  );
});
