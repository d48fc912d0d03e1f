import { catalogue, type ErrorCode, problemNameOf, problemSchema, problemSchemaOf } from '@libs/errors';
import { refusalExtension } from '@libs/service';

import { type DescribedCall, hasInPath, isIdempotent, takesHeader, takesInput } from './described-call.js';
import { type Answer, isSuccess, type Operation, type Schema, schemaRef } from './document.js';
import { problemHeaders } from './headers.js';

interface Group {
  /** How the response is called among the components. */
  readonly name: string;
  readonly codes: readonly ErrorCode[];
  readonly when?: (call: DescribedCall) => boolean;
}

const isClosed = ({ route }: DescribedCall): boolean => route.access.authenticated;
const isForwarded = ({ route }: DescribedCall): boolean => route.target.kind === 'service';

const unreadable = ['REQUEST_MALFORMED', 'REQUEST_HEADER_INVALID', 'REQUEST_PATH_INVALID'] as const;
const busy = ['SERVICE_UNAVAILABLE', 'SERVICE_CLOCK_WRONG', 'SERVICE_OVERLOADED'] as const;

const noAccess = [
  'ACCESS_DENIED',
  'ACCESS_USER_INACTIVE',
  'ACCESS_PASSWORD_CHANGE_REQUIRED',
  'ACCESS_TENANT_DENIED',
  'ACCESS_TENANT_INACTIVE',
  'ACCESS_ADDRESS_DENIED',
] as const;

/**
 * What follows from the route of an operation and from what it reads. Of the groups with the same status the first that
 * fits counts. Whatever else an operation refuses, it says by `@ApiRefusal`.
 */
const groups: readonly Group[] = [
  { name: 'RequestInvalid', codes: ['REQUEST_INVALID', ...unreadable], when: ({ operation }) => takesInput(operation) },
  { name: 'RequestUnreadable', codes: unreadable },
  { name: 'CredentialsRequired', codes: ['AUTH_CREDENTIALS_MISSING', 'AUTH_CREDENTIALS_REJECTED'], when: isClosed },
  // Who need not say who they are may, and what they say must be true.
  { name: 'CredentialsRejected', codes: ['AUTH_CREDENTIALS_REJECTED'], when: isForwarded },
  {
    name: 'AccessRefused',
    codes: [...noAccess, 'ACCESS_SECOND_FACTOR_REQUIRED'],
    when: (call) => isForwarded(call) && !call.route.access.withoutSecondFactor,
  },
  { name: 'AccountRefused', codes: noAccess, when: isForwarded },
  { name: 'AddressRefused', codes: ['ACCESS_ADDRESS_DENIED'] },
  { name: 'NotFound', codes: ['RESOURCE_NOT_FOUND'], when: ({ operation }) => hasInPath(operation) },
  { name: 'RequestTimeout', codes: ['REQUEST_TIMEOUT'] },
  { name: 'IdempotencyKeyInUse', codes: ['IDEMPOTENCY_KEY_IN_USE'], when: isIdempotent },
  { name: 'Changed', codes: ['RESOURCE_CHANGED'], when: ({ operation }) => takesHeader(operation, 'If-Match') },
  { name: 'BodyTooLarge', codes: ['REQUEST_BODY_TOO_LARGE'] },
  { name: 'UriTooLong', codes: ['REQUEST_URI_TOO_LONG'] },
  { name: 'MediaTypeUnsupported', codes: ['REQUEST_MEDIA_TYPE_UNSUPPORTED'], when: isForwarded },
  { name: 'IdempotencyKeyReused', codes: ['IDEMPOTENCY_KEY_REUSED'], when: isIdempotent },
  { name: 'RateLimited', codes: ['RATE_LIMITED'] },
  { name: 'HeadersTooLarge', codes: ['REQUEST_HEADERS_TOO_LARGE'] },
  { name: 'Failed', codes: ['INTERNAL'] },
  { name: 'UpstreamFailed', codes: ['UPSTREAM_FAILED'], when: isForwarded },
  { name: 'Unavailable', codes: [...busy, 'UPSTREAM_UNAVAILABLE'], when: isForwarded },
  { name: 'GatewayUnavailable', codes: busy },
  { name: 'TooSlow', codes: ['UPSTREAM_TIMEOUT', 'SERVICE_TIMEOUT'], when: isForwarded },
];

const statusOf = (codes: readonly ErrorCode[]): number => catalogue[codes[0] as ErrorCode].status;

/** The schema of each problem, by name: those of every code, so that a name is there before an operation needs it. */
export const problemSchemas = (): Record<string, Schema> => ({
  Problem: problemSchema as Schema,
  ...Object.fromEntries(
    (Object.keys(catalogue) as ErrorCode[]).map((code) => [problemNameOf(code), problemSchemaOf(code) as Schema]),
  ),
});

/** The answers that many operations share. */
export const sharedAnswers = (): Record<string, Answer> =>
  Object.fromEntries(groups.map(({ name, codes }) => [name, answerOf(codes, {})]));

/** Writes the refusals of an operation among its answers, and takes the notes of `@ApiRefusal` off it. */
export function addRefusals(call: DescribedCall): void {
  const { operation } = call;
  const bare = Object.keys(operation.responses).find((status) => !isSuccess(status) && status !== '304');
  if (bare !== undefined) throw new Error(`${operation.operationId}: say what ${bare} is by @ApiRefusal`);
  const own = takeNotes(operation);
  const fitting = groups.filter(({ when }) => when?.(call) ?? true);
  const ownStatuses = Object.keys(own).map((code) => catalogue[code as ErrorCode].status);
  const statuses = new Set([...fitting.map(({ codes }) => statusOf(codes)), ...ownStatuses]);
  for (const status of [...statuses].toSorted((one, other) => one - other)) {
    const group = fitting.find(({ codes }) => statusOf(codes) === status);
    const said = Object.entries(own).filter(([code]) => catalogue[code as ErrorCode].status === status);
    operation.responses[status] =
      group !== undefined && said.length === 0
        ? { $ref: `#/components/responses/${group.name}` }
        : answerOf(
            [...new Set([...said.map(([code]) => code as ErrorCode), ...(group?.codes ?? [])])],
            Object.fromEntries(said),
          );
  }
}

function takeNotes(operation: Operation): Record<string, string> {
  const notes: Record<string, string> = {};
  for (const key of Object.keys(operation)) {
    if (!key.startsWith(refusalExtension)) continue;
    notes[key.slice(refusalExtension.length)] = String(operation[key as `x-${string}`]);
    delete operation[key as `x-${string}`];
  }
  return notes;
}

function answerOf(codes: readonly ErrorCode[], when: Readonly<Record<string, string>>): Answer {
  const schemas = codes.map((code) => schemaRef(problemNameOf(code)));
  const said = (code: ErrorCode): string => (when[code] === undefined ? '' : ` (${when[code]})`);
  return {
    description: codes.map((code) => `- \`${code}\`: ${catalogue[code].title}${said(code)}.`).join('\n'),
    headers: problemHeaders(codes),
    content: {
      'application/problem+json': { schema: schemas.length === 1 ? (schemas[0] ?? {}) : { oneOf: schemas } },
    },
  };
}
