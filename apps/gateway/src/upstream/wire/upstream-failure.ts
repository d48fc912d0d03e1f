import { type ErrorCode, Refusal } from '@libs/errors';

import type { Outcome } from '../../instances/outcome.js';
import type { Flag } from '../../request/flag.js';

/** Why an instance gave no answer. */
export interface UpstreamFailure {
  readonly flag: Flag;
  readonly refusal: Refusal;
  /** Nothing of the request has left the gateway, so that it cannot have happened. */
  readonly wasNeverSent: boolean;
  /** What it says about the instance. */
  readonly outcome: Outcome;
}

type Kind = readonly [flag: Flag, code: ErrorCode, outcome: Outcome];

const kinds = {
  unreachable: ['upstream_unreachable', 'UPSTREAM_UNAVAILABLE', 'unreachable'],
  connect: ['upstream_connect_timeout', 'UPSTREAM_UNAVAILABLE', 'unreachable'],
  overloaded: ['upstream_overloaded', 'UPSTREAM_UNAVAILABLE', 'cancelled'],
  share: ['rate_limited', 'RATE_LIMITED', 'cancelled'],
  headers: ['upstream_header_timeout', 'UPSTREAM_TIMEOUT', 'timeout'],
  idle: ['upstream_idle_timeout', 'UPSTREAM_TIMEOUT', 'timeout'],
  total: ['upstream_total_timeout', 'UPSTREAM_TIMEOUT', 'timeout'],
  reset: ['upstream_reset', 'UPSTREAM_FAILED', 'reset'],
  malformed: ['upstream_malformed', 'UPSTREAM_FAILED', 'malformed'],
  slowClient: ['client_too_slow', 'REQUEST_TIMEOUT', 'cancelled'],
} as const satisfies Record<string, Kind>;

export type FailureKind = keyof typeof kinds;

const neverSent: ReadonlySet<FailureKind> = new Set(['unreachable', 'connect', 'overloaded', 'share']);

const asksLater: ReadonlySet<ErrorCode> = new Set(['UPSTREAM_UNAVAILABLE', 'RATE_LIMITED']);

/** `wasNeverSent` is for the kinds that leave it open. */
export function upstreamFailure(
  kind: FailureKind,
  {
    internal,
    cause,
    wasNeverSent = neverSent.has(kind),
  }: { internal: string; cause?: unknown; wasNeverSent?: boolean },
): UpstreamFailure {
  const [flag, code, outcome] = kinds[kind];
  const refusal = new Refusal(code, {
    internal,
    cause,
    ...(asksLater.has(code) ? { headers: { 'retry-after': '1' } } : {}),
  });
  return { flag, refusal, wasNeverSent, outcome };
}

/** One for all: to find out where it was made would cost more than the rest of the refusal. */
export const tooManyWait = upstreamFailure('overloaded', { internal: 'too many requests wait for a connection' });

/** The request itself is refused while it is on its way. */
export const refusedOnTheWay = (refusal: Refusal): UpstreamFailure => ({
  flag: '',
  refusal,
  wasNeverSent: false,
  outcome: 'cancelled',
});

/** What a system call says. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Node tries all addresses of a name, and tells of them together.
  if (error instanceof AggregateError && error.errors.length > 0) return errorText(error.errors[0]);
  return error.message;
}
