import { ConfigError, type ConfigMistake, parseYaml } from '@libs/config';
import { z } from 'zod';

import { gatewayConfiguration } from '../check/gateway-configuration.js';
import { reviewConfiguration } from './review-configuration.js';

/** What is told of a configuration, as `mistake path` or `warning path`. */
function toldOf(text: string): string[] {
  let warnings: readonly ConfigMistake[] = [];
  try {
    parseYaml(text, gatewayConfiguration, {
      source: 'test.yaml',
      env: {},
      review: reviewConfiguration,
      onWarnings: (found) => (warnings = found),
    });
    return warnings.map(({ path }) => `warning ${path}`);
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes.map(({ path }) => `mistake ${path}`);
    throw error;
  }
}

const issuer = 'issuer: https://a.example, audience: api';
const jwks = 'jwksUrl: https://a.example/keys';
const withIssuer = (fields: string): string => `authentication: { jwt: { issuers: [{ ${fields} }] } }\n`;
const anIssuer = withIssuer(`${issuer}, ${jwks}`);
const withService = (fields: string, instance = 'url: http://127.0.0.1:3000'): string =>
  `services: { a: { instances: [{ ${instance} }], ${fields} } }\n`;
const toService = 'routes: [{ id: r, path: /r, service: a, access: { authenticated: false } }]\n';
const withRoute = (fields: string): string => `routes: [{ id: r, path: /r, ${fields} }]\n`;
const open = 'access: { authenticated: false }';
const answer = `${open}, answer: {}`;
const withLimit = (fields: string): string => `rateLimits: { l: { quota: 1, ${fields} } }\n`;
const service = (fields: string): string => withService(fields) + toService;

/** What goes with no other option, or stands for itself whatever the others say. */
interface Alone {
  readonly alone: string;
}
/** A configuration in which the option contradicts another one, and what is told of it. */
interface Contradiction {
  readonly text: string;
  readonly told: string;
}

const alone = (word: string): Alone => ({ alone: word });
const mistake = (at: string, text: string): Contradiction => ({ text, told: `mistake ${at}` });
const warning = (at: string, text: string): Contradiction => ({ text, told: `warning ${at}` });

const aBound = alone('a bound or a time of its own');
const aCondition = mistake('routes.0.headers.0', withRoute(`${answer}, headers: [{ name: X, is: a, present: true }]`));
const aQueryCondition = mistake('routes.0.query.0', withRoute(`${answer}, query: [{ name: x, is: a, present: true }]`));
const oneOfThree = mistake('routes.0', withService('') + withRoute(`${open}, service: a, answer: {}`));
const oneOfTwoFinders = mistake('services.a.discovery', 'services: { a: { discovery: {} } }');

/** Every option of the configuration. A new one wants its line: what does it contradict? */
const decisions: Readonly<Record<string, Alone | Contradiction>> = {
  'listen.host': mistake(
    'services.a.instances.0.url',
    `listen: { host: 0.0.0.0 }\n${withService('', 'url: http://localhost:8080')}`,
  ),
  'listen.port': mistake('listen.port', 'listen: { port: 9090 }'),
  'listen.tls.certFile': alone('whether it fits the key is seen when both are read'),
  'listen.tls.keyFile': alone('whether it fits the certificate is seen when both are read'),
  'listen.http2.enabled': warning('listen.http2.streams', 'listen: { http2: { enabled: false, streams: 5 } }'),
  'listen.http2.streams': warning('listen.http2.streams', 'listen: { http2: { enabled: false, streams: 5 } }'),
  'listen.http2.resets': warning('listen.http2.resets', 'listen: { http2: { enabled: false, resets: 5 } }'),
  'listen.http2.controlFrames': warning(
    'listen.http2.controlFrames',
    'listen: { http2: { enabled: false, controlFrames: 50 } }',
  ),
  'management.host': mistake('services.a.instances.0.url', withService('', 'url: http://127.0.0.1:9090')),
  'management.port': mistake('services.a.instances.0.url', `management: { port: 3000 }\n${withService('')}`),
  trustedProxies: warning('trustedProxies.0', 'trustedProxies: [0.0.0.0/0]'),
  'clientHeaders.strip': alone('a header that never passes may be named as well'),
  'clientHeaders.forwardedHost': mistake('clientHeaders.forwardedHost', 'clientHeaders: { forwardedHost: believe }'),
  'limits.uriBytes': aBound,
  'limits.headerBytes': mistake(
    'authentication.jwt.issuers.0.maxTokenLength',
    `limits: { headerBytes: 1KiB }\n${withIssuer(`${issuer}, ${jwks}, maxTokenLength: 2000`)}`,
  ),
  'limits.headerCount': aBound,
  'limits.bodyBytes': alone('a route may allow more or less'),
  'limits.headersTimeout': warning('limits.headersTimeout', 'limits: { headersTimeout: 10m }'),
  'limits.requestTimeout': warning('limits.headersTimeout', 'limits: { headersTimeout: 10s, requestTimeout: 5s }'),
  'limits.bodyRate': alone('a route may ask for more or less'),
  'limits.bodyGrace': warning('limits.bodyGrace', 'limits: { bodyGrace: 10m }'),
  'limits.keepAliveTimeout': aBound,
  'protection.connections': warning(
    'protection.connectionsPerAddress',
    'protection: { connections: 10, connectionsPerAddress: 20 }',
  ),
  'protection.connectionsPerAddress': warning(
    'protection.connectionsPerAddress',
    'protection: { connectionsPerAddress: 20000 }',
  ),
  'protection.requests': warning('protection.adaptive.floor', 'protection: { requests: 10, adaptive: { floor: 20 } }'),
  'protection.bodiesPerAddress': warning('protection.bodiesPerAddress', 'protection: { bodiesPerAddress: 20000 }'),
  'protection.streams': warning('protection.streamsPerRoute', 'protection: { streams: 10, streamsPerRoute: 20 }'),
  'protection.streamsPerRoute': warning('protection.streamsPerRoute', 'protection: { streamsPerRoute: 20000 }'),
  'protection.streamsPerAddress': warning('protection.streamsPerAddress', 'protection: { streamsPerAddress: 20000 }'),
  'protection.streamsPerUser': warning('protection.streamsPerUser', 'protection: { streamsPerUser: 20000 }'),
  'protection.adaptive.enabled': warning(
    'protection.adaptive.delay',
    'protection: { adaptive: { enabled: false, delay: 1s } }',
  ),
  'protection.adaptive.delay': warning(
    'protection.adaptive.delay',
    'protection: { adaptive: { enabled: false, delay: 1s } }',
  ),
  'protection.adaptive.floor': warning(
    'protection.adaptive.floor',
    'protection: { adaptive: { enabled: false, floor: 5 } }',
  ),
  'addresses.allow': mistake('addresses.deny.0', 'addresses: { allow: [10.0.0.0/8], deny: [10.0.0.0/8] }'),
  'addresses.deny': mistake('addresses.deny.0', 'addresses: { allow: [10.0.0.0/8], deny: [10.0.0.0/8] }'),
  'addresses.rateLimits': mistake('addresses.rateLimits.0', `${withLimit('key: user')}addresses: { rateLimits: [l] }`),
  'authentication.jwt.issuers.*.issuer': mistake(
    'authentication.jwt.issuers.1.issuer',
    `authentication: { jwt: { issuers: [{ ${issuer}, ${jwks} }, { ${issuer}, ${jwks} }] } }`,
  ),
  'authentication.jwt.issuers.*.audience': warning(
    'authentication.jwt.issuers.0.audience',
    withIssuer(`issuer: a, audience: any, ${jwks}`),
  ),
  'authentication.jwt.issuers.*.algorithms': alone('keys of other kinds are left out when they are read'),
  'authentication.jwt.issuers.*.publicKeyFile': mistake(
    'authentication.jwt.issuers.0',
    withIssuer(`${issuer}, ${jwks}, publicKeyFile: ./a.pem`),
  ),
  'authentication.jwt.issuers.*.jwksUrl': mistake('authentication.jwt.issuers.0', withIssuer(issuer)),
  'authentication.jwt.issuers.*.tls.caFile': warning(
    'authentication.jwt.issuers.0.tls',
    withIssuer(`${issuer}, jwksUrl: http://a.example/keys, tls: { caFile: ./ca.pem }`),
  ),
  'authentication.jwt.issuers.*.tls.certFile': mistake(
    'authentication.jwt.issuers.0.tls',
    withIssuer(`${issuer}, ${jwks}, tls: { certFile: ./a.crt }`),
  ),
  'authentication.jwt.issuers.*.tls.keyFile': mistake(
    'authentication.jwt.issuers.0.tls',
    withIssuer(`${issuer}, ${jwks}, tls: { keyFile: ./a.key }`),
  ),
  'authentication.jwt.issuers.*.tls.serverName': alone('waits for a url at https, which a variable may bring'),
  'authentication.jwt.issuers.*.types': alone('says what one header may be'),
  'authentication.jwt.issuers.*.maxTokenLength': mistake(
    'authentication.jwt.issuers.0.maxTokenLength',
    withIssuer(`${issuer}, ${jwks}, maxTokenLength: 20000`),
  ),
  'authentication.jwt.issuers.*.clockTolerance': aBound,
  'authentication.sessions.resolver': warning(
    'authentication.sessions.resolver',
    'authentication: { sessions: { resolver: grpc } }',
  ),
  'authentication.apiKeys.header': mistake(
    'authentication.apiKeys.header',
    'authentication: { apiKeys: { resolver: grpc, header: Authorization } }',
  ),
  'authentication.apiKeys.resolver': warning(
    'authentication.apiKeys.header',
    'authentication: { apiKeys: { header: X-Key } }',
  ),
  'accounts.resolver': warning('accounts.resolver', 'accounts: { resolver: grpc }'),
  'rateLimits.*.key': mistake(
    'routes.0.rateLimits.0',
    withLimit('key: user') + withRoute(`${answer}, rateLimits: [l]`),
  ),
  'rateLimits.*.algorithm': mistake('rateLimits.l.burst', withLimit('key: address, algorithm: fixed-window, burst: 2')),
  'rateLimits.*.quota': mistake(
    'routes.0.rateLimits.0',
    withLimit('key: address') + withRoute(`${answer}, cost: 2, rateLimits: [l]`),
  ),
  'rateLimits.*.window': warning(
    'rateLimits.l.window',
    `${withLimit('key: address, algorithm: concurrency, window: 1s')}${withRoute(`${answer}, rateLimits: [l]`)}`,
  ),
  'rateLimits.*.burst': mistake('rateLimits.l.burst', withLimit('key: address, algorithm: fixed-window, burst: 2')),
  'rateLimits.*.maxDelay': mistake('rateLimits.l.maxDelay', withLimit('key: address, maxDelay: 1s')),
  'rateLimits.*.lease': warning(
    'rateLimits.l.lease',
    `${withLimit('key: address, lease: 1s')}${withRoute(`${answer}, rateLimits: [l]`)}`,
  ),
  'rateLimits.*.shadow': warning(
    'rateLimits.l.onFailure',
    `${withLimit('key: address, shadow: true, onFailure: closed')}${withRoute(`${answer}, rateLimits: [l]`)}`,
  ),
  'rateLimits.*.onFailure': warning(
    'rateLimits.l.onFailure',
    `${withLimit('key: address, shadow: true, onFailure: closed')}${withRoute(`${answer}, rateLimits: [l]`)}`,
  ),
  'services.*.balance': warning('services.a.hash.maxLoad', service('hash: { maxLoad: 0 }')),
  'services.*.hash.on': warning('services.a.hash.on', service('hash: { on: user }')),
  'services.*.hash.name': warning('services.a.hash.name', service('balance: consistent-hash, hash: { name: X }')),
  'services.*.hash.maxLoad': warning('services.a.hash.maxLoad', service('hash: { maxLoad: 0 }')),
  'services.*.ewma.decay': warning('services.a.ewma.decay', service('ewma: { decay: 1s }')),
  'services.*.ewma.exploration': warning('services.a.ewma.exploration', service('ewma: { exploration: 1 }')),
  'services.*.slowStart': warning('services.a.slowStart', service('balance: consistent-hash, slowStart: 1s')),
  'services.*.health.check.type': warning(
    'services.a.health.check.path',
    service('health: { check: { type: tcp, path: /x } }'),
  ),
  'services.*.health.check.path': warning(
    'services.a.health.check.path',
    service('health: { check: { type: tcp, path: /x } }'),
  ),
  'services.*.health.check.statuses': warning(
    'services.a.health.check.statuses',
    service('health: { check: { type: grpc, statuses: [200] } }'),
  ),
  'services.*.health.check.grpcService': warning(
    'services.a.health.check.grpcService',
    service('health: { check: { grpcService: x } }'),
  ),
  'services.*.health.check.port': alone('another port of the same host'),
  'services.*.health.check.interval': warning(
    'services.a.health.check.timeout',
    service('health: { check: { interval: 1s, timeout: 2s } }'),
  ),
  'services.*.health.check.timeout': warning(
    'services.a.health.check.timeout',
    service('health: { check: { timeout: 5s } }'),
  ),
  'services.*.health.check.jitter': aBound,
  'services.*.health.check.unhealthyAfter': aBound,
  'services.*.health.check.healthyAfter': aBound,
  'services.*.health.outliers.consecutiveFailures': warning(
    'services.a.health.outliers.stalledAfter',
    service('health: { outliers: { consecutiveFailures: 0, stalledAfter: 1s } }'),
  ),
  'services.*.health.outliers.errorShare': warning(
    'services.a.health.outliers.window',
    service('health: { outliers: { errorShare: 0, window: 1s } }'),
  ),
  'services.*.health.outliers.minRequests': warning(
    'services.a.health.outliers.minRequests',
    service('health: { outliers: { errorShare: 0, minRequests: 1 } }'),
  ),
  'services.*.health.outliers.window': warning(
    'services.a.health.outliers.window',
    service('health: { outliers: { errorShare: 0, window: 1s } }'),
  ),
  'services.*.health.outliers.stalledAfter': warning(
    'services.a.health.outliers.stalledAfter',
    service('health: { outliers: { consecutiveFailures: 0, stalledAfter: 1s } }'),
  ),
  'services.*.health.outliers.ejection': warning(
    'services.a.health.outliers.ejection',
    service('health: { outliers: { ejection: 5m } }'),
  ),
  'services.*.health.outliers.maxEjection': warning(
    'services.a.health.outliers.ejection',
    service('health: { outliers: { ejection: 5s, maxEjection: 1s } }'),
  ),
  'services.*.health.outliers.maxEjected': aBound,
  'services.*.health.panicBelow': aBound,
  'services.*.instances.*.url': mistake('services.a.instances.0.url', withService('', 'url: http://127.0.0.1:8080')),
  'services.*.instances.*.weight': warning(
    'services.a.instances.0.weight',
    withService('balance: round-robin', 'url: http://127.0.0.1:1, weight: 2') + toService,
  ),
  'services.*.instances.*.backup': warning(
    'services.a.instances.0.backup',
    withService('', 'url: http://127.0.0.1:1, backup: true') + toService,
  ),
  'services.*.discovery.dns.name': oneOfTwoFinders,
  'services.*.discovery.dns.type': mistake(
    'services.a.discovery.dns.port',
    'services: { a: { discovery: { dns: { name: a, type: SRV, port: 1 } } } }',
  ),
  'services.*.discovery.dns.port': mistake(
    'services.a.discovery.dns.port',
    'services: { a: { discovery: { dns: { name: a, type: SRV, port: 1 } } } }',
  ),
  'services.*.discovery.dns.scheme': warning(
    'services.a.tls.caFile',
    `services: { a: { tls: { caFile: ./a }, discovery: { dns: { name: a, port: 1 } } } }\n${toService}`,
  ),
  'services.*.discovery.dns.refresh': aBound,
  'services.*.discovery.dns.servers': alone('whom to ask'),
  'services.*.discovery.nacos.service': oneOfTwoFinders,
  'services.*.discovery.nacos.group': alone('a name at another server'),
  'services.*.discovery.nacos.clusters': alone('names at another server'),
  'services.*.discovery.nacos.scheme': warning(
    'services.a.tls.caFile',
    `services: { a: { tls: { caFile: ./a }, discovery: { nacos: { service: a } } } }\n${toService}`,
  ),
  'services.*.discovery.nacos.refresh': aBound,
  'services.*.timeouts.connect': warning(
    'services.a.timeouts.connect',
    service('timeouts: { connect: 5s, headers: 1s, idle: 1s, total: 1s }'),
  ),
  'services.*.timeouts.headers': warning(
    'services.a.timeouts.headers',
    service('timeouts: { headers: 5s, total: 2s }'),
  ),
  'services.*.timeouts.idle': warning('services.a.timeouts.idle', service('timeouts: { idle: 5s, total: 2s }')),
  'services.*.timeouts.total': warning('services.a.timeouts.idle', service('timeouts: { idle: 5s, total: 2s }')),
  'services.*.timeouts.quiet': alone('streams have no total'),
  'services.*.protocol': alone('without TLS an instance may expect HTTP/2 as well'),
  'services.*.tls.caFile': warning('services.a.tls.caFile', service('tls: { caFile: ./ca.pem }')),
  'services.*.tls.certFile': mistake('services.a.tls', service('tls: { certFile: ./a.crt }')),
  'services.*.tls.keyFile': mistake('services.a.tls', service('tls: { keyFile: ./a.key }')),
  'services.*.tls.serverName': alone('waits for an instance at https, which a variable may bring'),
  'services.*.retries': warning('services.a.retryBudget', service('retries: 0, retryBudget: 10')),
  'services.*.retryBudget': warning('services.a.retryBudget', service('retries: 0, retryBudget: 10')),
  'services.*.retryBackoff': warning('services.a.retryBackoff', service('retries: 0, retryBackoff: 1s')),
  'services.*.connections': aBound,
  'services.*.queue': aBound,
  'services.*.clientShare': aBound,
  'services.*.keepAlive': aBound,
  'services.*.rest': aBound,
  'services.*.breaker.consecutiveFailures': warning(
    'services.a.breaker.openFor',
    service('breaker: { consecutiveFailures: 0, errorShare: 0, openFor: 1s }'),
  ),
  'services.*.breaker.errorShare': warning(
    'services.a.breaker.window',
    service('breaker: { errorShare: 0, window: 1s }'),
  ),
  'services.*.breaker.minRequests': warning(
    'services.a.breaker.minRequests',
    service('breaker: { errorShare: 0, minRequests: 1 }'),
  ),
  'services.*.breaker.window': warning('services.a.breaker.window', service('breaker: { errorShare: 0, window: 1s }')),
  'services.*.breaker.openFor': warning(
    'services.a.breaker.openFor',
    service('breaker: { consecutiveFailures: 0, errorShare: 0, openFor: 1s }'),
  ),
  'services.*.preserveHost': alone('yes or no'),
  'services.*.listed': alone('yes or no'),
  'routes.*.id': mistake('routes.0.id', `routes: [{ id: gateway-health, path: /r, ${answer} }]`),
  'routes.*.host': alone('two routes of one host are told apart by the rest'),
  'routes.*.methods': mistake(
    'routes.0.cors.methods.0',
    withRoute(`${answer}, methods: [GET], cors: { origins: ['*'], methods: [POST] }`),
  ),
  'routes.*.path': mistake(
    'routes.1.path',
    `routes: [{ id: r, path: '/r/{a}', ${answer} }, { id: s, path: '/r/{b}', ${answer} }]`,
  ),
  'routes.*.headers.*.name': mistake('routes.0.headers.0.name', withRoute(`${answer}, headers: [{ name: X-User-Id }]`)),
  'routes.*.headers.*.is': aCondition,
  'routes.*.headers.*.oneOf': aCondition,
  'routes.*.headers.*.startsWith': aCondition,
  'routes.*.headers.*.contains': aCondition,
  'routes.*.headers.*.present': aCondition,
  'routes.*.query.*.name': mistake('routes.0.query.1.name', withRoute(`${answer}, query: [{ name: x }, { name: x }]`)),
  'routes.*.query.*.is': aQueryCondition,
  'routes.*.query.*.oneOf': aQueryCondition,
  'routes.*.query.*.startsWith': aQueryCondition,
  'routes.*.query.*.contains': aQueryCondition,
  'routes.*.query.*.present': aQueryCondition,
  'routes.*.priority': alone('orders what nothing else orders'),
  'routes.*.encodedSlashes': mistake('routes.0.path', `routes: [{ id: r, path: /a%2Fb, ${answer} }]`),
  'routes.*.service': oneOfThree,
  'routes.*.redirect.to': mistake('routes.0.redirect.to', withRoute(`${open}, redirect: { to: /r }`)),
  'routes.*.redirect.status': alone('says for how long it is true'),
  'routes.*.redirect.query': alone('a query may come or not'),
  'routes.*.answer.status': mistake('routes.0.answer.body', withRoute(`${open}, answer: { status: 204, body: x }`)),
  'routes.*.answer.contentType': warning(
    'routes.0.answer.contentType',
    withRoute(`${open}, answer: { contentType: text/html }`),
  ),
  'routes.*.answer.body': mistake('routes.0.answer.body', withRoute(`${open}, answer: { status: 204, body: x }`)),
  'routes.*.access.authenticated': mistake('routes.0.access', withRoute('answer: {}')),
  'routes.*.access.methods': mistake(
    'routes.0.access.methods',
    anIssuer + withRoute('answer: {}, access: { methods: [api-key] }'),
  ),
  'routes.*.access.roles': mistake(
    'routes.0.access.roles',
    withRoute('answer: {}, access: { authenticated: false, roles: [a] }'),
  ),
  'routes.*.access.scopes': mistake(
    'routes.0.access.scopes',
    withRoute('answer: {}, access: { authenticated: false, scopes: [a] }'),
  ),
  'routes.*.access.withoutSecondFactor': mistake(
    'routes.0.access.withoutSecondFactor',
    withRoute('answer: {}, access: { authenticated: false, withoutSecondFactor: true }'),
  ),
  'routes.*.access.withoutTenant': mistake(
    'routes.0.access.withoutTenant',
    withRoute('answer: {}, access: { authenticated: false, withoutTenant: true }'),
  ),
  'routes.*.rateLimits': mistake(
    'routes.0.rateLimits.0',
    anIssuer + withLimit('key: apiKey') + withRoute('answer: {}, rateLimits: [l]'),
  ),
  'routes.*.cost': warning('routes.0.cost', withRoute(`${answer}, cost: 2`)),
  'routes.*.cors.origins': mistake(
    'routes.0.cors.origins',
    withRoute(`${answer}, cors: { origins: ['*'], credentials: true }`),
  ),
  'routes.*.cors.methods': mistake(
    'routes.0.cors.methods.0',
    withRoute(`${answer}, methods: [GET], cors: { origins: ['*'], methods: [POST] }`),
  ),
  'routes.*.cors.headers': mistake(
    'routes.0.cors.headers',
    withRoute(`${answer}, cors: { origins: ['https://a.example'], headers: ['*'], credentials: true }`),
  ),
  'routes.*.cors.expose': mistake(
    'routes.0.cors.expose',
    withRoute(`${answer}, cors: { origins: ['https://a.example'], expose: ['*'], credentials: true }`),
  ),
  'routes.*.cors.credentials': mistake(
    'routes.0.cors.origins',
    withRoute(`${answer}, cors: { origins: ['*'], credentials: true }`),
  ),
  'routes.*.cors.maxAge': aBound,
  'routes.*.rewrite': mistake('routes.0.rewrite', withRoute(`${answer}, rewrite: /x`)),
  'routes.*.stripPrefix': mistake(
    'routes.0.stripPrefix',
    withService('') + withRoute(`${open}, service: a, rewrite: /x, stripPrefix: /r`),
  ),
  'routes.*.requestHeaders.set': mistake(
    'routes.0.requestHeaders.remove.0',
    withService('') + withRoute(`${open}, service: a, requestHeaders: { set: { X-A: b }, remove: [x_a] }`),
  ),
  'routes.*.requestHeaders.add': mistake(
    'routes.0.requestHeaders',
    withRoute(`${answer}, requestHeaders: { add: { X-A: b } }`),
  ),
  'routes.*.requestHeaders.remove': mistake(
    'routes.0.requestHeaders',
    withRoute(`${answer}, requestHeaders: { remove: [X-A] }`),
  ),
  'routes.*.answerHeaders.set': mistake(
    'routes.0.answerHeaders.remove.0',
    withRoute(`${answer}, answerHeaders: { set: { X-A: b }, remove: [X-A] }`),
  ),
  'routes.*.answerHeaders.add': mistake(
    'routes.0.answerHeaders.add.Access-Control-Max-Age',
    withRoute(`${answer}, cors: { origins: ['*'] }, answerHeaders: { add: { Access-Control-Max-Age: '1' } }`),
  ),
  'routes.*.answerHeaders.remove': mistake(
    'routes.0.answerHeaders.remove.0',
    withRoute(`${answer}, answerHeaders: { set: { X-A: b }, remove: [X-A] }`),
  ),
  'routes.*.timeouts.headers': warning('routes.0.timeouts.headers', withRoute(`${answer}, timeouts: { headers: 1s }`)),
  'routes.*.timeouts.idle': warning('routes.0.timeouts.idle', withRoute(`${answer}, timeouts: { idle: 1s }`)),
  'routes.*.timeouts.total': warning('routes.0.timeouts.total', withRoute(`${answer}, timeouts: { total: 1s }`)),
  'routes.*.bodyBytes': alone('takes the place of the limit for all'),
  'routes.*.streams': warning('routes.0.streams', withRoute(`${answer}, streams: 5`)),
  'routes.*.bodyRate': warning('routes.0.bodyRate', withRoute(`${answer}, bodyRate: 1KiB`)),
  openapi: alone('a file; a route of its path is told with the other own paths'),
};

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
}

/** The options that hold a value, by their paths; a star for a name or a place in a list. */
function optionsOf(node: Node, path: readonly string[] = []): string[] {
  const parts: (readonly [string, Node])[] = Object.entries(node.properties ?? {});
  for (const part of [node.additionalProperties, node.items]) {
    if (typeof part === 'object' && part.properties !== undefined) parts.push(['*', part]);
  }
  return parts.length === 0 ? [path.join('.')] : parts.flatMap(([name, part]) => optionsOf(part, [...path, name]));
}

describe('options that contradict each other', () => {
  it('are decided about for every option that there is, and for no other', () => {
    const schema = z.toJSONSchema(gatewayConfiguration, { io: 'input', unrepresentable: 'any' }) as Node;
    expect(Object.keys(decisions).toSorted()).toEqual(optionsOf(schema).toSorted());
  });

  it.each(
    Object.entries(decisions).flatMap(([option, decision]) => ('text' in decision ? [{ option, ...decision }] : [])),
  )('are named: $option', ({ text, told }) => {
    expect(toldOf(text)).toContain(told);
  });

  it('are told with a word why not, where there are none', () => {
    const words = Object.values(decisions).flatMap((decision) => ('alone' in decision ? [decision.alone] : []));
    expect(words.filter((word) => word.length < 5)).toEqual([]);
  });

  it.each([
    { what: 'a route for anybody', text: withRoute(answer) },
    { what: 'a route that tokens open', text: anIssuer + withRoute('answer: {}') },
    {
      what: 'a limit by user where tokens are taken',
      text: anIssuer + withLimit('key: user') + withRoute('answer: {}, rateLimits: [l]'),
    },
    {
      what: 'keys of an issuer at this very gateway',
      text: withIssuer(`${issuer}, jwksUrl: http://127.0.0.1:8080/keys`),
    },
    {
      what: 'a service at the same port of another host',
      text: withService('', 'url: http://10.0.0.1:8080') + toService,
    },
    { what: 'a redirect to another host', text: withRoute(`${open}, redirect: { to: 'https://b.example/r' }`) },
  ])('are not seen where there are none: $what', ({ text }) => {
    expect(toldOf(text)).toEqual([]);
  });

  it.each([
    { what: 'no issuer and no resolver', text: withRoute('answer: {}'), told: ['mistake routes.0.access'] },
    {
      what: 'a limit by tenant for nobody',
      text: withLimit('key: tenant') + withRoute(`${answer}, rateLimits: [l]`),
      told: ['mistake routes.0.rateLimits.0'],
    },
    {
      what: 'a limit by user for everybody',
      text: anIssuer + withLimit('key: user') + withRoute(`${answer}, rateLimits: [l]`),
      told: ['warning routes.0.rateLimits.0'],
    },
    {
      what: 'a method that nobody can use',
      text: anIssuer + withRoute('answer: {}, access: { methods: [jwt, api-key] }'),
      told: ['warning routes.0.access.methods'],
    },
    {
      what: 'a service and a limit of no route',
      text: withService('') + withLimit('key: address'),
      told: ['warning services.a', 'warning rateLimits.l'],
    },
  ])('are told: $what', ({ text, told }) => {
    expect(toldOf(text)).toEqual(told);
  });

  it.each([
    'http://localhost:8080',
    'http://127.0.0.1:8080',
    'http://127.1.2.3:8080',
    'http://[::1]:8080',
    'http://0.0.0.0:8080',
  ])('are told where an instance is the gateway itself: %s', (url) => {
    for (const host of ['127.0.0.1', '0.0.0.0', '"::"', 'localhost']) {
      const text = `listen: { host: ${host} }\n${withService('', `url: '${url}'`)}`;
      expect(toldOf(text)).toEqual(['mistake services.a.instances.0.url']);
    }
  });

  it.each([
    '/x/:id',
    '/:id/x',
    '/x/*',
    '/x/*name',
    '/x/*/y',
    '/x/<id>',
    '/x/[id]',
    '/x/{id:int}',
    '/x/{id?}',
    '/x/{id*}',
    '/x/(.*)',
    '/x/.+',
    '^/x',
    '/^x',
    '/x$',
    '/(?:a|b)',
    '/a|b',
    '/x/\\d+',
    '/x?y=1',
    '/x/{id}.json',
  ])('are told of a path in the spelling of another router: %s', (path) => {
    const text = `routes: [{ id: r, path: '${path}', ${answer} }]`;
    expect(toldOf(text)).toEqual(['mistake routes.0.path']);
  });

  it.each(['/x/{id}', '/x/**', '/Products(1)', '/$metadata', '/a:b', '/users/1:start', '/x.json', '/~user', '/a+b'])(
    'are not seen in a path as paths are: %s',
    (path) => {
      expect(toldOf(`routes: [{ id: r, path: '${path}', ${answer} }]`)).toEqual([]);
    },
  );
});
