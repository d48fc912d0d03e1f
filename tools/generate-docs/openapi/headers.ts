import { catalogue, type ErrorCode } from '@libs/errors';

import { type DescribedCall, isIdempotent, takesHeader } from './described-call.js';
import { type Answer, type Document, type Header, isSuccess, type Parameter } from './document.js';

const text = (example: string) => ({ type: 'string', examples: [example] });

/** Every field that an answer may carry because of what it says; those of HTTP and CORS come on top. */
const answerHeaders = {
  'X-Request-Id': {
    description: 'What the operator finds this request by.',
    required: true,
    schema: { ...text('5f0c7a9e-6f0b-4c8e-9d55-7e9a6c1b2d30'), format: 'uuid' },
  },
  'X-Trace-Id': {
    description: 'The trace of this request, as in `traceparent`.',
    required: true,
    schema: { ...text('4bf92f3577b34da6a3ce929d0e0e4736'), pattern: '^[0-9a-f]{32}$' },
  },
  'RateLimit-Policy': {
    description:
      'The limits that were counted: quota `q` in a window of `w` seconds (draft-ietf-httpapi-ratelimit-headers).',
    schema: text('"by-user";q=3000;w=60'),
  },
  RateLimit: {
    description: 'What is left of each limit: `r` requests, and more of them in `t` seconds.',
    schema: text('"by-user";r=2999;t=60'),
  },
  'Cache-Control': { description: 'Whether and how long the answer may be kept.', schema: text('no-store') },
  'Content-Disposition': {
    description: 'That the answer is to be saved, and under which name.',
    schema: text('attachment; filename="audit.ndjson"'),
  },
  ETag: {
    description: 'What was answered; `If-Match` and `If-None-Match` take it.',
    required: true,
    schema: { ...text('"3"'), pattern: '^"[0-9]+(\\.[A-Za-z0-9_-]{8})?"$' },
  },
  Location: {
    description: 'The path of what was made.',
    required: true,
    schema: text('/projects/01890a5d-ac96-774b-bcce-b302099a8057'),
  },
  'Idempotent-Replayed': {
    description: 'There where the answer is the kept one of an earlier request with the same `Idempotency-Key`.',
    schema: { type: 'string', enum: ['true'], examples: ['true'] },
  },
  'Retry-After': {
    description: 'In how many seconds to try again; always there with 429 and 503.',
    schema: { type: 'integer', minimum: 0, examples: [1] },
  },
  'WWW-Authenticate': {
    description: 'How to authenticate (RFC 6750), or which proof would be enough (RFC 9470).',
    required: true,
    schema: text('Bearer error="invalid_token"'),
  },
} as const satisfies Record<string, Header>;

type HeaderName = keyof typeof answerHeaders;

const refs = (names: readonly HeaderName[]): Record<string, Header> =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

const always: readonly HeaderName[] = ['X-Request-Id', 'X-Trace-Id', 'RateLimit-Policy', 'RateLimit'];

const mayBeReplayed = new Set([400, 403, 404, 409, 412]);

/** Those of the refusals with these codes, which share a status. */
export function problemHeaders(codes: readonly ErrorCode[]): Record<string, Header> {
  const { status } = catalogue[codes[0] as ErrorCode];
  return refs([
    ...always,
    'Cache-Control',
    ...(status === 401 ? ['WWW-Authenticate' as const] : []),
    ...(status === 429 || status === 503 || codes.includes('IDEMPOTENCY_KEY_IN_USE') ? ['Retry-After' as const] : []),
    ...(mayBeReplayed.has(status) ? ['Idempotent-Replayed' as const] : []),
  ]);
}

/** Writes the headers of what is not refused. `hasVersion` tells of an answer whether it shows a thing with a version. */
export function addAnswerHeaders(call: DescribedCall, hasVersion: (answer: Answer) => boolean): void {
  const { operation, handler } = call;
  for (const [status, answer] of Object.entries(operation.responses)) {
    if (!isSuccess(status)) continue;
    answer.headers = {
      ...refs([
        ...always,
        ...(handler.fixedHeaders.includes('cache-control') ? ['Cache-Control' as const] : []),
        ...(hasVersion(answer) ? ['ETag' as const] : []),
        ...(status === '201' ? ['Location' as const] : []),
        ...(isIdempotent(call) ? ['Idempotent-Replayed' as const] : []),
      ]),
      ...refs(Object.keys(answer.headers ?? {}) as HeaderName[]),
    };
  }
}

/** The header fields that the gateway and the services read, besides credentials. */
const requestHeaders = {
  TenantId: {
    name: 'X-Tenant-Id',
    in: 'header',
    required: false,
    description: 'In which of their tenants the caller acts; without it, the one of the token or key.',
    schema: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$',
      examples: ['01890a5d-ac96-774b-bcce-b302099a8057'],
    },
  },
  TraceParent: {
    name: 'traceparent',
    in: 'header',
    required: false,
    description: 'The trace that the request belongs to (W3C Trace Context).',
    schema: text('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'),
  },
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description: 'The same key with the same body acts once, and has the same answer again.',
    schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$', examples: ['b7e2c1d0-order-66'] },
  },
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    required: false,
    description:
      'The ETag that was read, or several: 412 if the thing has changed since, or the tag is weak. `*` takes any version of what is there.',
    schema: text('"3"'),
  },
  IfNoneMatch: {
    name: 'If-None-Match',
    in: 'header',
    required: false,
    description: 'The ETag of what the client has, or several, or `*`: 304 without a body if it is still that.',
    schema: text('"3"'),
  },
} as const satisfies Record<string, Parameter>;

/** Puts shared parameters in the place of each header that an operation takes, and adds those that follow from its route. */
export function shareRequestHeaders(call: DescribedCall): void {
  const { operation, route } = call;
  const { parameters = [] } = operation;
  const isRead: Record<keyof typeof requestHeaders, boolean> = {
    TenantId: route.access.authenticated,
    TraceParent: true,
    IdempotencyKey: isIdempotent(call),
    IfMatch: takesHeader(operation, requestHeaders.IfMatch.name),
    IfNoneMatch: takesHeader(operation, requestHeaders.IfNoneMatch.name),
  };
  const taken = Object.entries(requestHeaders).filter(([key]) => isRead[key as keyof typeof requestHeaders]);
  const unknown = parameters.find(
    (parameter) => parameter.in === 'header' && !taken.some(([, { name }]) => name === parameter.name),
  );
  if (unknown !== undefined) throw new Error(`${operation.operationId}: nothing is known of ${unknown.name}`);
  operation.parameters = [
    ...parameters.filter((parameter) => parameter.in !== 'header'),
    ...taken.map(([key]) => ({ $ref: `#/components/parameters/${key}` })),
  ];
}

export const sharedHeaders = (): Pick<Document['components'], 'headers' | 'parameters'> => ({
  headers: { ...answerHeaders },
  parameters: { ...requestHeaders },
});

/** Reads of what has a version take preconditions: 304 where the client has it, 412 where it wanted another one. */
export function addConditions({ method, operation }: DescribedCall, hasVersion: (answer: Answer) => boolean): void {
  const read = operation.responses['200'];
  if (method !== 'GET' || read === undefined || !hasVersion(read)) return;
  operation.responses['304'] = {
    description: 'The client has it: there is nothing in the body.',
    headers: refs([...always, 'ETag', ...('Cache-Control' in (read.headers ?? {}) ? ['Cache-Control' as const] : [])]),
  };
  const conditions = [requestHeaders.IfMatch, requestHeaders.IfNoneMatch].map(({ name }) => ({ name, in: 'header' }));
  operation.parameters = [...(operation.parameters ?? []), ...conditions];
}
