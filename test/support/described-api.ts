import { readFileSync } from 'node:fs';

import { z } from 'zod';

import { type Answer, type CallOptions, Client } from './client.js';

interface Schema {
  $ref?: string;
  type?: string | string[];
  allOf?: Schema[];
  properties?: object;
  additionalProperties?: unknown;
}

interface Described {
  readonly $ref?: string;
  readonly headers?: Record<string, { $ref: string }>;
  readonly content?: Record<string, { readonly schema: Schema }>;
}

interface Operation {
  readonly operationId: string;
  readonly security?: readonly object[];
  readonly responses: Record<string, Described>;
}

export interface DescribedCall {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly isClosed: boolean;
}

interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: {
    readonly schemas: Record<string, Schema>;
    readonly responses: Record<string, Described>;
    readonly headers: Record<string, { readonly required?: boolean }>;
  };
}

/** Fields of HTTP itself and of CORS, which belong to no operation. */
const ofHttp = new Set([
  'connection',
  'content-length',
  'content-type',
  'date',
  'keep-alive',
  'transfer-encoding',
  'vary',
]);

export interface Observed {
  readonly status: number;
  /** In lower case. */
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** docs/api/openapi.json, held against what a platform answers. */
export class DescribedApi {
  private readonly document = JSON.parse(readFileSync('docs/api/openapi.json', 'utf8')) as Document;
  private readonly validators = new Map<string, z.ZodType>();
  readonly calls: readonly DescribedCall[] = Object.entries(this.document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { operationId: id, security = [] }]) => ({
      id,
      method: method.toUpperCase(),
      path,
      isClosed: security.length > 0,
    })),
  );
  /** What was answered, as `listProjects 200`. */
  readonly seen = new Set<string>();
  /** What the description does not say of an answer. */
  readonly silent = new Set<string>();

  /** Paths that are described nowhere are none of its business. */
  observe(method: string, path: string, { status, headers, body }: Observed): void {
    const operation = this.operationAt(method.toLowerCase(), path.split('?', 1)[0] ?? '');
    if (operation === undefined) return;
    const call = `${operation.operationId} ${status}`;
    this.seen.add(call);
    const written = operation.responses[status];
    if (written === undefined) return void this.silent.add(`${call} ${String((body as { code?: string }).code)}`);
    const answer = this.resolved(written);
    this.checkHeaders(call, answer, headers);
    this.checkBody(call, answer, String(headers['content-type'] ?? '').split(';', 1)[0] ?? '', body);
  }

  private checkHeaders(call: string, { headers = {} }: Described, present: Observed['headers']): void {
    const described = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
    for (const name of Object.keys(present)) {
      if (ofHttp.has(name) || name.startsWith('access-control-') || described.has(name)) continue;
      this.silent.add(`${call} has ${name}`);
    }
    for (const name of Object.keys(headers)) {
      const { required = false } = this.document.components.headers[name] ?? {};
      if (required && present[name.toLowerCase()] === undefined) this.silent.add(`${call} is without ${name}`);
    }
  }

  private checkBody(call: string, { content }: Described, type: string, body: unknown): void {
    if (content === undefined) {
      if (body !== '' && body !== undefined) this.silent.add(`${call} has a body`);
      return;
    }
    const schema = content[type]?.schema;
    if (schema === undefined) return void this.silent.add(`${call} is ${type}`);
    if (!type.endsWith('json')) return;
    const result = this.validatorOf(call, schema).safeParse(body);
    if (!result.success) this.silent.add(`${call}: ${z.prettifyError(result.error)}`);
  }

  private validatorOf(call: string, schema: Schema): z.ZodType {
    const known = this.validators.get(call);
    if (known !== undefined) return known;
    const whole = JSON.stringify({ ...schema, $defs: closed(this.document.components.schemas) });
    const validator = z.fromJSONSchema(JSON.parse(whole.replaceAll('#/components/schemas/', '#/$defs/')));
    this.validators.set(call, validator);
    return validator;
  }

  private resolved(answer: Described): Described {
    const name = answer.$ref?.split('/').at(-1);
    return name === undefined ? answer : (this.document.components.responses[name] as Described);
  }

  /** Of the paths that fit, the one with the fewest parameters. */
  private operationAt(method: string, path: string) {
    const fitting = Object.entries(this.document.paths)
      .filter(([template]) =>
        new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/:]+').replaceAll('.', String.raw`\.`)}$`).test(path),
      )
      .toSorted(([one], [other]) => one.split('{').length - other.split('{').length);
    return fitting.map(([, operations]) => operations[method]).find((operation) => operation !== undefined);
  }
}

/** Clients must bear fields that they do not know; here each of them must be described. */
const closed = (schemas: Record<string, Schema>): Record<string, Schema> =>
  Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => {
      // What is added to by `allOf` is closed nowhere.
      const isWhole = schema.properties !== undefined && name !== 'Problem';
      return [name, isWhole ? { ...schema, additionalProperties: false } : schema];
    }),
  );

/** A client that shows every answer to the description. */
export class DescribedClient extends Client {
  constructor(
    baseUrl: string,
    private readonly api: DescribedApi,
  ) {
    super(baseUrl);
  }

  override async call(method: string, path: string, options?: CallOptions): Promise<Answer> {
    const answer = await super.call(method, path, options);
    this.api.observe(method, path, answer);
    return answer;
  }
}

/** The same as a `fetch`. */
export const describedFetch =
  (api: DescribedApi): typeof fetch =>
  async (input, init) => {
    const request = new Request(input, init);
    const response = await fetch(request);
    const text = await response.clone().text();
    const isJson = (response.headers.get('content-type') ?? '').includes('json');
    api.observe(request.method, new URL(request.url).pathname, {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: isJson ? JSON.parse(text) : text,
    });
    return response;
  };
