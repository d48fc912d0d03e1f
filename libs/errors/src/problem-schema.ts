import { catalogue, type ErrorCode } from './catalogue.js';
import { type Problem, toProblem } from './problem.js';
import { Refusal } from './refusal.js';

interface Schema {
  readonly [keyword: string]: unknown;
}

const text = { type: 'string' };

const fieldErrorSchema = {
  type: 'object',
  description: 'One thing that is wrong with one field of the input.',
  required: ['field', 'code', 'message'],
  properties: {
    field: { ...text, description: 'A path such as `items.0.name`, or a header.', examples: ['name'] },
    code: { ...text, description: 'What is wrong, in upper snake case.', examples: ['TOO_LONG'] },
    message: {
      ...text,
      description: 'The same for people.',
      examples: ['Too big: expected string to have <=100 characters'],
    },
  },
};

/** What `toProblem` makes, as JSON Schema, for the descriptions of APIs. */
export const problemSchema = {
  type: 'object' as const,
  description: 'Why a request was refused or has failed (RFC 9457).',
  required: ['type', 'title', 'status', 'instance', 'code', 'requestId'],
  properties: {
    type: { ...text, description: 'The code as a URN.', examples: ['urn:gatehouse:error:resource-not-found'] },
    title: {
      ...text,
      description: 'What has happened, in the same words for the same code.',
      examples: ['There is no such thing'],
    },
    status: { type: 'integer', description: 'The HTTP status.', examples: [404] },
    detail: {
      ...text,
      description: 'More about this case, where there is more to say.',
      examples: ['Send the id as it came.'],
    },
    instance: { ...text, description: 'The path of the request.', examples: ['/projects'] },
    code: {
      ...text,
      description: 'The code of docs/errors.md: what programs decide by.',
      examples: ['RESOURCE_NOT_FOUND'],
    },
    requestId: {
      ...text,
      description: 'What the operator finds the request by; also in `X-Request-Id`.',
      examples: ['5f0c7a9e-6f0b-4c8e-9d55-7e9a6c1b2d30'],
    },
    errors: { type: 'array', description: 'What is wrong with the input, field by field.', items: fieldErrorSchema },
  },
};

/** The answer that every operation may give besides its own. */
export const problemResponse = {
  description: 'Refused or failed; `code` is listed in docs/errors.md',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

const proofs = (...methods: readonly string[]): Schema => ({
  type: 'array',
  description: 'What would be taken as a proof: any one of these.',
  items: { type: 'string', enum: ['totp', 'passkey', 'recovery-code', ...methods] },
  examples: [['totp', 'recovery-code']],
});

/** The members that the problems of certain codes have besides (RFC 9457 §3.2): what a client needs to go on. */
const problemMembers: Partial<Record<ErrorCode, Readonly<Record<string, Schema>>>> = {
  AUTH_SECOND_FACTOR_REQUIRED: {
    challenge: {
      type: 'object',
      description: 'What `POST /auth/login:complete` goes on with.',
      required: ['token', 'methods', 'expiresIn'],
      properties: {
        token: { ...text, description: 'To be sent as `challenge`; good once.', examples: ['eyJhbGciOi…'] },
        methods: proofs(),
        expiresIn: { type: 'integer', description: 'How long it is good, in seconds.', examples: [300] },
      },
    },
  },
  AUTH_STEP_UP_REQUIRED: {
    stepUp: {
      type: 'object',
      description: 'What `POST /auth/step-up` would take.',
      required: ['methods', 'maxAge'],
      properties: {
        methods: proofs('password'),
        maxAge: { type: 'integer', description: 'How old a proof may be, in seconds.', examples: [300] },
      },
    },
  },
};

/** As `toProblem` would write it. */
const exampleOf = (code: ErrorCode, members: Readonly<Record<string, Schema>>): Problem => ({
  ...toProblem(new Refusal(code), { instance: '/projects', requestId: '5f0c7a9e-6f0b-4c8e-9d55-7e9a6c1b2d30' }),
  ...Object.fromEntries(Object.entries(members).map(([name, { properties }]) => [name, examplesOf(properties)])),
});

const examplesOf = (properties: unknown): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(properties as Record<string, { examples: unknown[] }>).map(([name, { examples }]) => [
      name,
      examples[0],
    ]),
  );

/** How the schema of a code's problem is called: `ResourceNotFound`. */
export const problemNameOf = (code: ErrorCode): string =>
  code
    .toLowerCase()
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/** The problem of one code. */
export function problemSchemaOf(code: ErrorCode): Schema {
  const { status, title, remedy } = catalogue[code];
  const members = problemMembers[code] ?? {};
  return {
    description: `${title}. ${remedy}`,
    examples: [exampleOf(code, members)],
    allOf: [
      { $ref: '#/components/schemas/Problem' },
      {
        type: 'object',
        required: ['code', 'status', ...Object.keys(members)],
        properties: {
          code: { const: code, description: 'The code of docs/errors.md.' },
          status: { const: status, description: 'The HTTP status.' },
          ...members,
        },
      },
    ],
  };
}
