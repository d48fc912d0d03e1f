import { type ErrorCode, Refusal } from '@libs/errors';

import type { Flag } from '../observe/flag.js';

/** Why an instance gave no answer. */
export interface UpstreamFailure {
  readonly flag: Flag;
  readonly refusal: Refusal;
  /** Nothing of the request has left the gateway, so that it cannot have happened. */
  readonly wasNeverSent: boolean;
  /** The instance is not there, or not listening. */
  readonly isUnreachable: boolean;
}

type Failure = readonly [flag: Flag, code: ErrorCode];

const failureByErrorCode: Readonly<Record<string, Failure>> = {
  UND_ERR_CONNECT_TIMEOUT: ['upstream_connect_timeout', 'UPSTREAM_TIMEOUT'],
  UND_ERR_HEADERS_TIMEOUT: ['upstream_header_timeout', 'UPSTREAM_TIMEOUT'],
  UND_ERR_BODY_TIMEOUT: ['upstream_idle_timeout', 'UPSTREAM_TIMEOUT'],
  UND_ERR_HEADERS_OVERFLOW: ['upstream_malformed', 'UPSTREAM_FAILED'],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ['upstream_malformed', 'UPSTREAM_FAILED'],
  ERR_INVALID_CHAR: ['upstream_malformed', 'UPSTREAM_FAILED'],
  ERR_HTTP_INVALID_STATUS_CODE: ['upstream_malformed', 'UPSTREAM_FAILED'],
};

/** `wasSent`: whether the request had begun to leave when it failed. */
export function upstreamFailure(error: unknown, wasSent: boolean): UpstreamFailure {
  if (error instanceof Refusal) {
    return { flag: '', refusal: error, wasNeverSent: false, isUnreachable: false };
  }
  const errorCode = codeOf(error);
  const [flag, code] = failureByErrorCode[errorCode] ?? guess(errorCode, wasSent);
  const refusal = new Refusal(code, {
    internal: error instanceof Error ? `${errorCode} ${error.message}`.trim() : String(error),
    cause: error,
    ...(code === 'UPSTREAM_UNAVAILABLE' ? { headers: { 'retry-after': '1' } } : {}),
  });
  return { flag, refusal, wasNeverSent: !wasSent, isUnreachable: !wasSent };
}

function guess(errorCode: string, wasSent: boolean): Failure {
  if (!wasSent) return ['upstream_unreachable', 'UPSTREAM_UNAVAILABLE'];
  return [errorCode.startsWith('HPE_') ? 'upstream_malformed' : 'upstream_reset', 'UPSTREAM_FAILED'];
}

function codeOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { readonly code?: unknown; readonly name?: unknown };
  if (typeof code === 'string') return code;
  return name === 'HTTPParserError' ? 'HPE_' : '';
}
