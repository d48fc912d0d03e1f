import { readFileSync } from 'node:fs';

import { z } from 'zod';

import { catalogue, type ErrorCode, problemNameOf } from '@libs/errors';

import { exampleOf, isPlain } from './openapi/describe-schemas.js';
import {
  type Answer,
  type Document,
  isSuccess,
  type Operation,
  type Parameter,
  type Schema,
} from './openapi/document.js';

/** What is served at /openapi.json; a test of the walls compares it with the code. */
const document = JSON.parse(readFileSync('docs/api/openapi.json', 'utf8')) as Document;
const { components } = document;

const referred = <T extends { $ref?: string }>(part: T, kind: keyof Document['components']): T => {
  if (part.$ref === undefined) return part;
  const name = part.$ref.slice(`#/components/${kind}/`.length);
  return components[kind][name] as T;
};

interface Call {
  readonly line: string;
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
  readonly parameters: readonly Parameter[];
  readonly answers: readonly (readonly [status: string, answer: Answer])[];
  readonly isClosed: boolean;
}

const calls: Call[] = Object.entries(document.paths).flatMap(([path, operations]) =>
  Object.entries(operations).map(([method, operation]) => ({
    line: `${method.toUpperCase()} ${path}`,
    method,
    path,
    operation,
    parameters: (operation.parameters ?? []).map((parameter) => referred(parameter, 'parameters')),
    answers: Object.entries(operation.responses).map(
      ([status, answer]) => [status, referred(answer, 'responses')] as const,
    ),
    isClosed: (operation.security ?? []).length > 0,
  })),
);

const named = (parameters: readonly Parameter[], place: string): string[] =>
  parameters.filter((parameter) => parameter.in === place).map(({ name = '' }) => name);

const schemasIn = (content: Record<string, { schema?: Schema }> = {}): Schema[] =>
  Object.values(content).map(({ schema = {} }) => schema);

/** The codes that a refusal may have, by the schemas that it refers to. */
const codeByName = new Map((Object.keys(catalogue) as ErrorCode[]).map((code) => [problemNameOf(code), code]));
function codesOf({ content }: Answer): (ErrorCode | undefined)[] {
  const [schema = {}] = schemasIn(content);
  return (schema.oneOf ?? [schema]).map(({ $ref = '' }) => codeByName.get($ref.split('/').at(-1) ?? ''));
}

/** Codes that no operation names: each of these is a decision. */
const neverDescribed: Partial<Record<ErrorCode, string>> = {
  IDENTITY_SEAL_INVALID: 'only for who calls a service around the gateway',
  REQUEST_CANCELLED: 'nobody reads it',
  ROUTE_LOOP: 'a mistake of the operator, which no client can do anything about',
  ROUTE_METHOD_NOT_ALLOWED: 'of addresses and methods that are not described',
  ROUTE_NOT_FOUND: 'of addresses that are not described',
};

/** What is no JSON, and has a form of its own. */
const otherForms = new Set(['application/x-ndjson', 'text/csv']);

describe('the description of the external API', () => {
  it('has operations', () => {
    expect(calls.length).toBeGreaterThan(80);
  });

  it('calls each operation by a name of its own, of which a client makes a function', () => {
    const ids = calls.map(({ operation }) => operation.operationId);
    expect(ids.filter((id) => !/^[a-z]+(?:[A-Z][a-z]+)*$/.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('leads every reference somewhere', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g)];
    expect(references.length).toBeGreaterThan(0);
    const lost = references.filter(
      ([, kind = '', name = '']) => components[kind as keyof typeof components]?.[name] === undefined,
    );
    expect(lost.map(([reference]) => reference)).toEqual([]);
    const all = [...JSON.stringify(document).matchAll(/"\$ref":/g)];
    expect(all.length).toBe(references.length);
  });

  it('has no component that nothing refers to', () => {
    const text = JSON.stringify(document);
    const unused = (['schemas', 'responses', 'headers', 'parameters'] as const).flatMap((kind) =>
      Object.keys(components[kind]).filter((name) => !text.includes(`"#/components/${kind}/${name}"`)),
    );
    expect(unused).toEqual([]);
  });

  it('names every code that there is, but for those that no described operation has', () => {
    const told = new Set(calls.flatMap(({ answers }) => answers.flatMap(([, answer]) => codesOf(answer))));
    const absent = (Object.keys(catalogue) as ErrorCode[]).filter((code) => !told.has(code));
    expect(absent.toSorted()).toEqual(Object.keys(neverDescribed).toSorted());
  });

  it('writes patterns that mean the same with the flag u and without any', () => {
    const patterns = [
      ...new Set(partsOf(document).flatMap(({ pattern }) => (typeof pattern === 'string' ? [pattern] : []))),
    ];
    expect(patterns.length).toBeGreaterThan(5);
    const texts = [
      '',
      'a',
      'A b-c',
      'ä',
      '𝕏 😀',
      '\u0007',
      '\ud800',
      'x\u202ey',
      'a@b.example',
      '123456',
      'name desc, id',
    ];
    for (const pattern of patterns) {
      expect({ pattern, usesProperties: /\\[pP]\{/.test(pattern) }).toEqual({ pattern, usesProperties: false });
      const [bare, unicode] = [new RegExp(pattern), new RegExp(pattern, 'u')];
      for (const text of texts) expect([pattern, text, bare.test(text)]).toEqual([pattern, text, unicode.test(text)]);
    }
  });
});

describe.each(calls)('$line', ({ method, path, operation, parameters, answers, isClosed }) => {
  const statuses = answers.map(([status]) => status);
  const successes = answers.filter(([status]) => isSuccess(status));
  const refusals = answers.filter(([status]) => !isSuccess(status) && status !== '304');
  const headers = named(parameters, 'header');

  it('says what it does, for whom, and to what it belongs', () => {
    expect(operation.summary).toMatch(/^[A-Z]/);
    expect(operation.description).toMatch(/\bfor\b.*\.$/i);
    expect(operation.tags).toHaveLength(1);
    expect(document.tags?.map(({ name }) => name)).toContain(operation.tags?.[0]);
  });

  it('says what its parameters are, and shows them', () => {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(named(parameters, 'path')).toEqual(inPath);
    const silent = parameters.filter(
      ({ description = '', schema }) => !/[.`]$|\n- /.test(description) || (schema?.examples ?? []).length === 0,
    );
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  it('takes and gives things that have names', () => {
    const bodies = [
      ...schemasIn(operation.requestBody?.content),
      ...successes.flatMap(([, { content = {} }]) =>
        Object.entries(content).flatMap(([type, { schema = {} }]) => (otherForms.has(type) ? [] : [schema])),
      ),
    ];
    expect(bodies.filter(({ $ref }) => $ref === undefined)).toEqual([]);
  });

  it('says how a list is ordered and filtered, field by field', () => {
    const inQuery = parameters.filter((parameter) => parameter.in === 'query');
    const isList = inQuery.some(({ name }) => name === 'pageToken');
    const shows = JSON.stringify(successes.map(([, { content }]) => content));
    expect(/schemas\/\w+Page"/.test(shows)).toBe(isList);
    if (!isList) return;
    const said = (name: string): string => inQuery.find((parameter) => parameter.name === name)?.description ?? '';
    expect(said('orderBy')).toMatch(/Fields: `\w+`/);
    expect(said('filter')).toMatch(/\n- `\w+` \(.+\): `/);
  });

  it('has something to answer, and says of each answer what it means', () => {
    expect(successes.length).toBeGreaterThan(0);
    expect(statuses.filter((status) => !/^[2345]\d\d$/.test(status))).toEqual([]);
    expect(answers.filter(([, { description = '' }]) => description.length < 5)).toEqual([]);
  });

  it('names the codes of every refusal, under their own status', () => {
    for (const [status, answer] of refusals) {
      expect(Object.keys(answer.content ?? {})).toEqual(['application/problem+json']);
      const codes = codesOf(answer);
      expect(codes.length).toBeGreaterThan(0);
      for (const code of codes) {
        expect({ code, status: code === undefined ? 0 : catalogue[code].status }).toEqual({
          code,
          status: Number(status),
        });
      }
    }
  });

  it('tells what follows from how it is called', () => {
    expect(statuses).toEqual(expect.arrayContaining(['400', '403', '408', '413', '414', '429', '431', '500', '503']));
    const answered = (status: string): boolean => statuses.includes(status);
    const takesKey = headers.includes('Idempotency-Key');
    if (isClosed) expect(codesOf(new Map(answers).get('401') ?? {})).toContain('AUTH_CREDENTIALS_MISSING');
    if (isClosed) expect(codesOf(new Map(answers).get('403') ?? {})).toContain('ACCESS_DENIED');
    expect(headers.includes('X-Tenant-Id')).toBe(isClosed);
    expect(answered('412')).toBe(headers.includes('If-Match'));
    const readsVersion = method === 'get' && 'ETag' in (new Map(answers).get('200')?.headers ?? {});
    expect(headers.includes('If-None-Match')).toBe(readsVersion);
    expect(answered('304')).toBe(readsVersion);
    if (readsVersion) expect(headers).toContain('If-Match');
    expect(answered('422')).toBe(takesKey);
    if (takesKey) expect(codesOf(new Map(answers).get('409') ?? {})).toContain('IDEMPOTENCY_KEY_IN_USE');
    if (path.includes('{')) expect(answered('404')).toBe(true);
    if (operation.requestBody !== undefined) expect(answered('415')).toBe(true);
    expect(takesKey).toBe(method === 'post');
  });

  it('names the header fields that its answers have', () => {
    for (const [status, answer] of answers) {
      const present = Object.keys(answer.headers ?? {});
      expect(present).toEqual(expect.arrayContaining(['X-Request-Id', 'X-Trace-Id', 'RateLimit', 'RateLimit-Policy']));
      if (status === '201') expect(present).toContain('Location');
      if (status === '401') expect(present).toContain('WWW-Authenticate');
      if (status === '429' || status === '503') expect(present).toContain('Retry-After');
      if (isSuccess(status) && status !== '204' && headers.includes('If-Match')) expect(present).toContain('ETag');
      if (isSuccess(status) && headers.includes('Idempotency-Key')) expect(present).toContain('Idempotent-Replayed');
    }
  });
});

describe.each(Object.entries(components.schemas))('the schema %s', (name, schema) => {
  it('says of every field what it is, and shows it', () => {
    const silent = propertiesOf(schema).filter(
      ([, property]) =>
        !/\S/.test(property.description ?? '') || (isPlain(property) && (property.examples ?? []).length === 0),
    );
    expect(silent.map(([field]) => field)).toEqual([]);
  });

  it('shows an example that fits it', () => {
    const example = exampleOf(schema, components.schemas);
    const text = JSON.stringify({ $ref: `#/$defs/${name}`, $defs: components.schemas });
    const whole = JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')) as z.core.JSONSchema.JSONSchema;
    expect(z.fromJSONSchema(whole).safeParse(example)).toMatchObject({ success: true });
    expect(schema.examples).toEqual([example]);
  });
});

it('has one shape for one thing: no two schemas have the same fields, and none is written twice', () => {
  const shapes = new Map<string, string[]>();
  for (const [name, schema] of Object.entries(components.schemas)) {
    for (const [place, part] of [[name, schema] as const, ...propertiesOf(schema, name)]) {
      const fields = Object.keys(part.properties ?? {}).toSorted();
      if (fields.length < 2) continue;
      const shape = JSON.stringify([fields, propertiesOf(part).map(([field]) => field)]);
      shapes.set(shape, [...(shapes.get(shape) ?? []), place]);
    }
  }
  const twins = [...shapes.values()].filter((places) => places.length > 1);
  // What is made and what is changed of a thing have the same fields, and other defaults and duties.
  const isPair = (places: readonly string[]): boolean =>
    new Set(places.map((place) => place.replace(/^(?:Create|Update)/, ''))).size === 1;
  expect(twins.filter((places) => !isPair(places) && !places.every((place) => place.endsWith('Page')))).toEqual([]);
});

/** Every field at any depth, as `user.name`, and the parts of what may be one of several. */
function propertiesOf(schema: Schema, within = ''): (readonly [field: string, property: Schema])[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const field = within === '' ? name : `${within}.${name}`;
    return [[field, property] as const, ...propertiesOf(property, field)];
  });
  const { allOf = [], anyOf = [], oneOf = [], items } = schema;
  const parts = [...allOf, ...anyOf, ...oneOf, ...(items === undefined ? [] : [items])];
  return [...own, ...parts.flatMap((part) => propertiesOf(part, within))];
}

/** Every object in the document. */
function partsOf(value: unknown): Schema[] {
  if (typeof value !== 'object' || value === null) return [];
  const parts = Object.values(value).flatMap(partsOf);
  return Array.isArray(value) ? parts : [value as Schema, ...parts];
}
