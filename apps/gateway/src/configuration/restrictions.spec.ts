import { ConfigError, parseYaml } from '@libs/config';
import { z } from 'zod';

import { gatewayConfiguration } from './check/gateway-configuration.js';

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
}

/** Every list and every choice of the schema, by its path. */
function pathsOf(node: Node, path = ''): string[] {
  const below = Object.entries(node.properties ?? {}).flatMap(([key, part]) => pathsOf(part, `${path}.${key}`));
  const others = [node.additionalProperties, node.items]
    .filter((part) => typeof part === 'object')
    .flatMap((part) => pathsOf(part, `${path}.*`));
  return [path.slice(1), ...below, ...others, ...(node.anyOf ?? []).flatMap((part) => pathsOf(part, path))];
}

/** What keeps somebody or something out, written where it stands, with what it may not be without being a mistake. */
const restrictions: Readonly<
  Record<string, { written: (value: string) => string; mayBeEmptyList?: string; takesAnyText?: true }>
> = {
  'addresses.allow': { written: (value) => `addresses: { allow: ${value} }` },
  'authentication.jwt.issuers.*.issuer': { written: (value) => issuerWith('issuer', value), takesAnyText: true },
  'authentication.jwt.issuers.*.audience': { written: (value) => issuerWith('audience', value), takesAnyText: true },
  'authentication.jwt.issuers.*.algorithms': { written: (value) => issuerWith('algorithms', value) },
  'authentication.jwt.issuers.*.types': { written: (value) => issuerWith('types', value) },
  'authentication.sessions.resolver': { written: (value) => `authentication: { sessions: { resolver: ${value} } }` },
  'accounts.resolver': { written: (value) => `accounts: { resolver: ${value} }` },
  'routes.*.host': { written: (value) => routeWith('host', value) },
  'routes.*.methods': { written: (value) => routeWith('methods', value) },
  'routes.*.path': { written: (value) => routeWith('path', value) },
  'routes.*.headers': { written: (value) => routeWith('headers', value), mayBeEmptyList: 'asks for none' },
  'routes.*.query': { written: (value) => routeWith('query', value), mayBeEmptyList: 'asks for none' },
  'routes.*.rateLimits': { written: (value) => routeWith('rateLimits', value), mayBeEmptyList: 'has none' },
  'routes.*.access': { written: (value) => routeWith('access', value) },
  'routes.*.access.authenticated': { written: (value) => accessWith('authenticated', value) },
  'routes.*.access.methods': { written: (value) => accessWith('methods', value) },
  'routes.*.access.roles': { written: (value) => accessWith('roles', value), mayBeEmptyList: 'asks for none' },
  'routes.*.access.scopes': { written: (value) => accessWith('scopes', value), mayBeEmptyList: 'asks for none' },
  'routes.*.access.withoutSecondFactor': { written: (value) => accessWith('withoutSecondFactor', value) },
  'routes.*.access.withoutTenant': { written: (value) => accessWith('withoutTenant', value) },
  'routes.*.bodyBytes': { written: (value) => routeWith('bodyBytes', value) },
  'routes.*.cors.origins': { written: (value) => routeWith('cors', `{ origins: ${value} }`) },
  'rateLimits.*.key': { written: (value) => `rateLimits: { a: { key: ${value}, quota: 1 } }` },
  'rateLimits.*.quota': { written: (value) => `rateLimits: { a: { key: address, quota: ${value} } }` },
  'rateLimits.*.window': { written: (value) => `rateLimits: { a: { key: address, quota: 1, window: ${value} } }` },
};

function issuerWith(option: string, value: string): string {
  const whole = { issuer: 'https://a.example', audience: 'api', jwksUrl: 'https://a.example/keys', [option]: value };
  const fields = Object.entries(whole).map(([name, text]) => `${name}: ${text}`);
  return `authentication: { jwt: { issuers: [{ ${fields.join(', ')} }] } }`;
}

function routeWith(option: string, value: string): string {
  const whole = { id: 'a', path: '/a', answer: '{ status: 200 }', [option]: value };
  const fields = Object.entries(whole).map(([name, text]) => `${name}: ${text}`);
  return `routes: [{ ${fields.join(', ')} }]`;
}

const accessWith = (option: string, value: string): string => routeWith('access', `{ ${option}: ${value} }`);

const waysToLeaveOut: Readonly<Record<string, string>> = {
  'has no value': '',
  'is null': 'null',
  'is an empty text': "''",
  'is a variable that is not set': '${NOT_SET:-}',
  'is a comma': "','",
  'is an empty list': '[]',
  'is a list of nothing': '[null]',
  'is a list of an empty text': "['']",
  'is an object': '{ a: b }',
  'is a number where none belongs': '-1',
};

const isMistake = (text: string): boolean => {
  try {
    parseYaml(text, gatewayConfiguration, { source: 'test.yaml', env: {} });
    return false;
  } catch (error) {
    if (error instanceof ConfigError) return true;
    throw error;
  }
};

describe.each(Object.entries(restrictions))(
  'the restriction %s',
  (_path, { written, mayBeEmptyList, takesAnyText }) => {
    const ways = Object.entries(waysToLeaveOut).filter(([way]) => takesAnyText !== true || way !== 'is a comma');

    it.each(ways)('is a mistake when it %s', (way, value) => {
      const isTold = way !== 'is an empty list' || mayBeEmptyList === undefined;
      expect(isMistake(written(value))).toBe(isTold);
    });
  },
);

it('names restrictions that there are', () => {
  const schema = z.toJSONSchema(gatewayConfiguration, { io: 'input', unrepresentable: 'any' }) as Node;
  const paths = new Set(pathsOf(schema));
  expect(Object.keys(restrictions).filter((path) => !paths.has(path))).toEqual([]);
});

it('knows every option of access and of an issuer that narrows who may come in', () => {
  const schema = z.toJSONSchema(gatewayConfiguration, { io: 'input', unrepresentable: 'any' }) as Node;
  const accessOptions = pathsOf(schema).filter((path) => /^routes\.\*\.access\.\w+$/.test(path));
  expect(accessOptions.filter((path) => !(path in restrictions))).toEqual([]);
});
