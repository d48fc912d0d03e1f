import { type ErrorCode, Refusal } from '@libs/errors';
import { DatabaseUnavailable, isUnavailable } from '@libs/persistence';

/** What Nest and Fastify refuse by themselves: they say it with a status. */
const codeByStatus: Readonly<Record<number, ErrorCode>> = {
  400: 'REQUEST_MALFORMED',
  401: 'AUTH_CREDENTIALS_MISSING',
  403: 'ACCESS_DENIED',
  404: 'ROUTE_NOT_FOUND',
  405: 'ROUTE_METHOD_NOT_ALLOWED',
  408: 'REQUEST_TIMEOUT',
  413: 'REQUEST_BODY_TOO_LARGE',
  414: 'REQUEST_URI_TOO_LONG',
  415: 'REQUEST_MEDIA_TYPE_UNSUPPORTED',
  429: 'RATE_LIMITED',
  431: 'REQUEST_HEADERS_TOO_LARGE',
  503: 'SERVICE_UNAVAILABLE',
  504: 'SERVICE_TIMEOUT',
};

/** Every error as a refusal. What nobody foresaw is INTERNAL, with the error itself as the cause for the log. */
export function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (isUnavailable(error)) return new DatabaseUnavailable(error);
  const status = statusOf(error);
  const code = codeByStatus[status] ?? (status >= 400 && status < 500 ? 'REQUEST_MALFORMED' : 'INTERNAL');
  return new Refusal(code, { internal: error instanceof Error ? error.message : String(error), cause: error });
}

/** 0 unless the error was made to be an answer: an error of a library that was called may carry a status, too. */
function statusOf(error: unknown): number {
  if (!(error instanceof Error)) return 0;
  const { getStatus, statusCode } = error as { getStatus?: () => number; statusCode?: number };
  if (typeof getStatus === 'function') return getStatus.call(error);
  return error.name === 'FastifyError' && typeof statusCode === 'number' ? statusCode : 0;
}
