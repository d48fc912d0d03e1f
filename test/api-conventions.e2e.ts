import { readFileSync } from 'node:fs';

interface Parameter {
  readonly name: string;
  readonly in: string;
}

interface Described {
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[];
}

const { paths, components } = JSON.parse(readFileSync('docs/api/openapi.json', 'utf8')) as {
  paths: Record<string, Record<string, Described>>;
  components: { parameters: Record<string, Parameter> };
};

const resolved = (parameter: Parameter | { readonly $ref: string }): Parameter =>
  '$ref' in parameter ? (components.parameters[parameter.$ref.split('/').at(-1) ?? ''] as Parameter) : parameter;

const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, { parameters = [] }]) => ({
    method: method.toUpperCase(),
    line: `${method.toUpperCase()} ${path}`,
    headers: parameters
      .map(resolved)
      .filter((parameter) => parameter.in === 'header')
      .map(({ name }) => name),
  })),
);

/** A change that takes no version, and why there is none to take. */
const changesWithoutVersion: Record<string, string> = {
  'DELETE /auth/passkeys/{id}': 'a passkey is there or not; it is never edited',
  'DELETE /auth/sessions': 'it ends whatever sessions there are',
  'DELETE /auth/sessions/{id}': 'a session is there or not; it is never edited',
  'DELETE /auth/totp': 'it is there or not; it is never edited',
};

const without = (header: string, methods: readonly string[]): string[] =>
  operations
    .filter(({ method, headers }) => methods.includes(method) && !headers.includes(header))
    .map(({ line }) => line);

describe('the external API', () => {
  it('takes an Idempotency-Key with every POST', () => {
    expect(without('Idempotency-Key', ['POST'])).toEqual([]);
  });

  it('takes If-Match with every change of what has versions', () => {
    expect(without('If-Match', ['PATCH', 'PUT', 'DELETE']).toSorted()).toEqual(
      Object.keys(changesWithoutVersion).toSorted(),
    );
  });
});
