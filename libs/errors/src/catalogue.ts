/**
 * Every way in which Gatehouse refuses or fails, once: the HTTP status, the gRPC status and
 * the title that a caller may see. Codes are `AREA_REASON`. docs/errors.md is generated from here.
 */
export interface CatalogueEntry {
  readonly status: number;
  readonly grpc: GrpcStatusName;
  readonly title: string;
  /** What the caller can do about it: one sentence for docs/errors.md. */
  readonly remedy: string;
}

export type GrpcStatusName =
  | 'CANCELLED'
  | 'INVALID_ARGUMENT'
  | 'DEADLINE_EXCEEDED'
  | 'NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'PERMISSION_DENIED'
  | 'RESOURCE_EXHAUSTED'
  | 'FAILED_PRECONDITION'
  | 'ABORTED'
  | 'UNIMPLEMENTED'
  | 'INTERNAL'
  | 'UNAVAILABLE'
  | 'UNAUTHENTICATED';

export const catalogue = {
  REQUEST_INVALID: {
    status: 400,
    grpc: 'INVALID_ARGUMENT',
    title: 'The request is not valid',
    remedy: 'Correct the fields named in `errors`.',
  },
  REQUEST_MALFORMED: {
    status: 400,
    grpc: 'INVALID_ARGUMENT',
    title: 'The request cannot be read',
    remedy: 'Send well-formed HTTP and JSON.',
  },
  REQUEST_PATH_INVALID: {
    status: 400,
    grpc: 'INVALID_ARGUMENT',
    title: 'The path is not acceptable',
    remedy: 'Send a path without encoded slashes, control characters or broken percent-encoding.',
  },
  REQUEST_HEADER_INVALID: {
    status: 400,
    grpc: 'INVALID_ARGUMENT',
    title: 'A header is not acceptable',
    remedy: 'Correct the header named in `errors`.',
  },
  REQUEST_TIMEOUT: {
    status: 408,
    grpc: 'DEADLINE_EXCEEDED',
    title: 'The request took too long to arrive',
    remedy: 'Send the whole request in time.',
  },
  REQUEST_BODY_TOO_LARGE: {
    status: 413,
    grpc: 'RESOURCE_EXHAUSTED',
    title: 'The body is too large',
    remedy: 'Send less, or raise the limit of the route.',
  },
  REQUEST_URI_TOO_LONG: {
    status: 414,
    grpc: 'INVALID_ARGUMENT',
    title: 'The address is too long',
    remedy: 'Shorten the path and the query.',
  },
  REQUEST_MEDIA_TYPE_UNSUPPORTED: {
    status: 415,
    grpc: 'INVALID_ARGUMENT',
    title: 'The media type is not supported',
    remedy: 'Send `Content-Type: application/json`.',
  },
  REQUEST_HEADERS_TOO_LARGE: {
    status: 431,
    grpc: 'RESOURCE_EXHAUSTED',
    title: 'The headers are too large',
    remedy: 'Send fewer or shorter headers.',
  },

  ROUTE_NOT_FOUND: {
    status: 404,
    grpc: 'UNIMPLEMENTED',
    title: 'There is nothing at this address',
    remedy: 'Check the path; `/internal/**` is never reachable through the gateway.',
  },
  ROUTE_METHOD_NOT_ALLOWED: {
    status: 405,
    grpc: 'UNIMPLEMENTED',
    title: 'The method is not allowed here',
    remedy: 'Use one of the methods in `Allow`.',
  },
  ROUTE_LOOP: {
    status: 508,
    grpc: 'FAILED_PRECONDITION',
    title: 'The request has gone in a circle',
    remedy:
      'Nothing, for the caller: a route of the gateway leads back to the gateway, and its operator must mend that.',
  },

  AUTH_CREDENTIALS_MISSING: {
    status: 401,
    grpc: 'UNAUTHENTICATED',
    title: 'Credentials are required',
    remedy: 'Send `Authorization: Bearer <token>` or `X-Api-Key`.',
  },
  AUTH_CREDENTIALS_REJECTED: {
    status: 401,
    grpc: 'UNAUTHENTICATED',
    title: 'The credentials are not accepted',
    remedy: 'Log in again, or make a new API key.',
  },
  AUTH_LOGIN_FAILED: {
    status: 401,
    grpc: 'UNAUTHENTICATED',
    title: 'The login or the password is wrong',
    remedy: 'Check both; which one is wrong is not told.',
  },
  AUTH_REFRESH_REJECTED: {
    status: 401,
    grpc: 'UNAUTHENTICATED',
    title: 'The refresh token is not accepted',
    remedy: 'Log in again.',
  },
  AUTH_SECOND_FACTOR_REQUIRED: {
    status: 401,
    grpc: 'UNAUTHENTICATED',
    title: 'The password is right, and a second factor is needed',
    remedy: 'Send `challenge.token` with one of `challenge.methods` to `POST /auth/login:complete`.',
  },
  AUTH_SECOND_FACTOR_FAILED: {
    status: 401,
    grpc: 'UNAUTHENTICATED',
    title: 'The second factor is not accepted',
    remedy: 'Wait for the next code; each is good once. A passkey must answer a new challenge.',
  },
  AUTH_CHALLENGE_REJECTED: {
    status: 401,
    grpc: 'UNAUTHENTICATED',
    title: 'The challenge is not accepted',
    remedy: 'Begin again: each challenge is good for minutes, and once.',
  },
  AUTH_STEP_UP_REQUIRED: {
    status: 401,
    grpc: 'UNAUTHENTICATED',
    title: 'This needs a recent and sufficient proof of who you are',
    remedy: 'Send one of `stepUp.methods` to `POST /auth/step-up`, then try again with the new access token.',
  },
  AUTH_TOKEN_REJECTED: {
    status: 401,
    grpc: 'UNAUTHENTICATED',
    title: 'The token is not accepted',
    remedy: 'Ask for another letter: each token works once, and not for long.',
  },
  IDENTITY_SEAL_INVALID: {
    status: 401,
    grpc: 'UNAUTHENTICATED',
    title: 'The caller is not known',
    remedy: 'Call through the gateway, or with a sealed identity.',
  },

  ACCESS_DENIED: {
    status: 403,
    grpc: 'PERMISSION_DENIED',
    title: 'This is not allowed',
    remedy: 'Ask an owner for the role that is needed.',
  },
  ACCESS_USER_INACTIVE: {
    status: 403,
    grpc: 'PERMISSION_DENIED',
    title: 'The account is not active',
    remedy: 'Ask an administrator to activate the account.',
  },
  ACCESS_TENANT_INACTIVE: {
    status: 403,
    grpc: 'PERMISSION_DENIED',
    title: 'The tenant is not active',
    remedy: 'Ask an administrator to activate the tenant.',
  },
  ACCESS_PASSWORD_CHANGE_REQUIRED: {
    status: 403,
    grpc: 'PERMISSION_DENIED',
    title: 'The password must be changed first',
    remedy:
      'Change it (`POST /auth/password`), then log in again: nothing else is done with a password that a program made.',
  },
  ACCESS_SECOND_FACTOR_REQUIRED: {
    status: 403,
    grpc: 'PERMISSION_DENIED',
    title: 'The tenant asks for a second factor',
    remedy:
      'Enrol one (`POST /auth/totp`, `POST /auth/passkeys:begin`) or show it (`POST /auth/step-up`), then refresh the token.',
  },
  TENANT_QUOTA_EXCEEDED: {
    status: 403,
    grpc: 'RESOURCE_EXHAUSTED',
    title: 'The plan of the tenant has no room for more',
    remedy: 'Remove something, or move the tenant to a larger plan.',
  },
  ACCESS_TENANT_DENIED: {
    status: 403,
    grpc: 'PERMISSION_DENIED',
    title: 'You are not a member of this tenant',
    remedy: 'Choose one of your own tenants in `X-Tenant-Id`.',
  },
  ACCESS_ADDRESS_DENIED: {
    status: 403,
    grpc: 'PERMISSION_DENIED',
    title: 'Your address is not allowed here',
    remedy: 'Call from an allowed address.',
  },

  RATE_LIMITED: {
    status: 429,
    grpc: 'RESOURCE_EXHAUSTED',
    title: 'Too many requests',
    remedy: 'Wait for `Retry-After` seconds.',
  },

  RESOURCE_NOT_FOUND: {
    status: 404,
    grpc: 'NOT_FOUND',
    title: 'There is no such thing',
    remedy: 'Check the id; what belongs to somebody else is not shown.',
  },
  RESOURCE_NAME_TAKEN: {
    status: 409,
    grpc: 'ALREADY_EXISTS',
    title: 'The name is taken',
    remedy: 'Choose another name.',
  },
  RESOURCE_CONFLICT: {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    title: 'The state does not allow this',
    remedy: 'Read the current state and try again.',
  },
  RESOURCE_ARCHIVED: {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    title: 'The project is archived',
    remedy: 'Set its `status` to `active` first; until then it is read, and what is in it stopped and deleted.',
  },
  RESOURCE_CHANGED: {
    status: 412,
    grpc: 'ABORTED',
    title: 'It was changed in the meantime',
    remedy: 'Read it again and send its new `ETag` in `If-Match`.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    grpc: 'INVALID_ARGUMENT',
    title: 'The idempotency key was used for another request',
    remedy: 'Send a new `Idempotency-Key` with a new request.',
  },
  IDEMPOTENCY_KEY_IN_USE: {
    status: 409,
    grpc: 'ABORTED',
    title: 'A request with this idempotency key is still running',
    remedy: 'Wait for it to end and send the same request again.',
  },

  UPSTREAM_FAILED: {
    status: 502,
    grpc: 'UNAVAILABLE',
    title: 'The service behind the gateway failed',
    remedy: 'Try again; see the log of the gateway for the reason.',
  },
  UPSTREAM_UNAVAILABLE: {
    status: 503,
    grpc: 'UNAVAILABLE',
    title: 'The service is not available',
    remedy: 'Try again after `Retry-After` seconds.',
  },
  UPSTREAM_TIMEOUT: {
    status: 504,
    grpc: 'DEADLINE_EXCEEDED',
    title: 'The service did not answer in time',
    remedy: 'Try again.',
  },
  SERVICE_UNAVAILABLE: {
    status: 503,
    grpc: 'UNAVAILABLE',
    title: 'Not available for the moment',
    remedy: 'Try again after `Retry-After` seconds.',
  },
  SERVICE_CLOCK_WRONG: {
    status: 503,
    grpc: 'UNAVAILABLE',
    title: 'This process cannot tell the time for the moment',
    remedy: 'Try again after `Retry-After` seconds; another process may answer. Credentials are as good as before.',
  },
  SERVICE_OVERLOADED: {
    status: 503,
    grpc: 'UNAVAILABLE',
    title: 'There is too much to do for the moment',
    remedy: 'Try again after `Retry-After` seconds, and then less often.',
  },
  SERVICE_TIMEOUT: { status: 504, grpc: 'DEADLINE_EXCEEDED', title: 'It took too long', remedy: 'Try again.' },
  REQUEST_CANCELLED: {
    status: 499,
    grpc: 'CANCELLED',
    title: 'The caller went away',
    remedy: 'Nothing: nobody reads this answer.',
  },
  INTERNAL: {
    status: 500,
    grpc: 'INTERNAL',
    title: 'Something went wrong on our side',
    remedy: 'Report the request id to the operator.',
  },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof catalogue;

export const isErrorCode = (value: string): value is ErrorCode => Object.hasOwn(catalogue, value);
