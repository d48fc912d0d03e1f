/**
 * Every way in which Gatehouse refuses or fails, once: the HTTP status, the gRPC status and
 * the title that a caller may see. Codes are `AREA_REASON`. docs/errors.md is generated from here.
 */
export interface CatalogueEntry {
  readonly status: number;
  readonly grpc: GrpcStatusName;
  readonly title: string;
  /** What the caller can do about it: one sentence for docs/errors.md and the description of the API. */
  readonly remedy: string;
  /** Who is refused and why, or what is broken: for docs/errors.md alone, and in no answer. */
  readonly cause: string;
  /**
   * What an operator, or whoever writes a client, looks at: for docs/errors.md alone, and in no answer. Names stand in
   * backticks, links begin at docs/; errors.spec.ts of tools/generate-docs knows each of them.
   */
  readonly check: string;
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
    cause:
      'A service has read the input, and refuses fields that its schema does not allow; the management API refuses a configuration with mistakes.',
    check:
      'Compare `errors` with the schema of the operation in [openapi.json](api/openapi.json). The line of the service has `code` and, where there is more to say, `reason`.',
  },
  REQUEST_MALFORMED: {
    status: 400,
    grpc: 'INVALID_ARGUMENT',
    title: 'The request cannot be read',
    remedy: 'Send well-formed HTTP and JSON.',
    cause:
      'The gateway or a service cannot read what was sent: it is no HTTP, no JSON, not in UTF-8, too deep, or has too many members.',
    check:
      'Send the same bytes with `curl -v` and look at the body and its length. At the gateway the flag is `request_malformed`; the line of a service has the `reason`.',
  },
  REQUEST_PATH_INVALID: {
    status: 400,
    grpc: 'INVALID_ARGUMENT',
    title: 'The path is not acceptable',
    remedy: 'Send a path without encoded slashes, control characters or broken percent-encoding.',
    cause:
      'The gateway refuses a path or a query that a service behind it might read differently: an encoded slash or backslash, a control character, a broken escape, a fragment.',
    check:
      'The access log of the gateway has the flag `path_invalid`. [Path](routing.md#path) says what is accepted, and `routes.*.encodedSlashes` lets a route take `%2F`.',
  },
  REQUEST_HEADER_INVALID: {
    status: 400,
    grpc: 'INVALID_ARGUMENT',
    title: 'A header is not acceptable',
    remedy: 'Correct the header named in `errors`.',
    cause:
      'The gateway or a service refuses a header that is malformed, missing, there twice or in conflict with another: `Host`, `Authorization`, `X-Tenant-Id`, `Idempotency-Key`, `If-Match`.',
    check:
      'Look at the name in `errors`, and whether a proxy in front adds a second header of it. The flag of the gateway is `header_invalid`; `clientHeaders.forwardedHost` decides whether a proxy may name the host.',
  },
  REQUEST_TIMEOUT: {
    status: 408,
    grpc: 'DEADLINE_EXCEEDED',
    title: 'The request took too long to arrive',
    remedy: 'Send the whole request in time.',
    cause: 'The headers or the body of the request did not arrive in time, or its body came too slowly.',
    check:
      'The flag is `request_timeout`, or `client_too_slow` if a part had gone to an instance. Compare `limits.headersTimeout`, `limits.requestTimeout`, `limits.bodyRate` and `limits.bodyGrace` with what the client does ([Limits and times](routing.md#limits-and-times)).',
  },
  REQUEST_BODY_TOO_LARGE: {
    status: 413,
    grpc: 'RESOURCE_EXHAUSTED',
    title: 'The body is too large',
    remedy: 'Send less, or raise the limit of the route.',
    cause: 'The body is larger than its route lets through, or than the service reads.',
    check:
      'If the access log of the gateway has the flag `body_too_large`, the bound is `routes.*.bodyBytes` or else `limits.bodyBytes`. If the flag is empty, the service has refused it: 1 MiB of JSON is its bound.',
  },
  REQUEST_URI_TOO_LONG: {
    status: 414,
    grpc: 'INVALID_ARGUMENT',
    title: 'The address is too long',
    remedy: 'Shorten the path and the query.',
    cause: 'The gateway refuses an address whose path and query together are longer than it is configured to take.',
    check:
      'Compare the length with `limits.uriBytes`; the flag is `uri_too_long`. Look for a client that puts into the query what belongs into the body.',
  },
  REQUEST_MEDIA_TYPE_UNSUPPORTED: {
    status: 415,
    grpc: 'INVALID_ARGUMENT',
    title: 'The media type is not supported',
    remedy: 'Send `Content-Type: application/json`.',
    cause: 'The service has no reader for the `Content-Type` of the body, or its charset is not UTF-8.',
    check:
      'Look at the media type of the operation in [openapi.json](api/openapi.json); an import of users takes `text/csv`. The line of the service has this `code`.',
  },
  REQUEST_HEADERS_TOO_LARGE: {
    status: 431,
    grpc: 'RESOURCE_EXHAUSTED',
    title: 'The headers are too large',
    remedy: 'Send fewer or shorter headers.',
    cause: 'The gateway or a service refuses more headers, or longer ones, than it takes.',
    check:
      'Compare with `limits.headerBytes` and `limits.headerCount`; the flag is `headers_too_large`. Often cookies of other pages on the same host have grown.',
  },

  ROUTE_NOT_FOUND: {
    status: 404,
    grpc: 'UNIMPLEMENTED',
    title: 'There is nothing at this address',
    remedy: 'Check the path; `/internal/**` is never reachable through the gateway.',
    cause:
      'No route of the gateway fits the host, the path, the headers and the query, or the path is one that the gateway never forwards; a service has no handler at the path that a route led to.',
    check:
      '`npm run gateway -- explain` and `/actuator/gateway/routes` tell which routes are in force ([Which route wins](routing.md#which-route-wins)). If the flag is not `route_not_found`, the service has answered: look at `routes.*.rewrite` and `routes.*.stripPrefix`.',
  },
  ROUTE_METHOD_NOT_ALLOWED: {
    status: 405,
    grpc: 'UNIMPLEMENTED',
    title: 'The method is not allowed here',
    remedy: 'Use one of the methods in `Allow`.',
    cause: 'A route or a handler fits the path, and none of those that fit takes the method.',
    check:
      'Compare `routes.*.methods` with the header `Allow` of the answer. The flag is `method_not_allowed` where the gateway has refused it.',
  },
  ROUTE_LOOP: {
    status: 508,
    grpc: 'FAILED_PRECONDITION',
    title: 'The request has gone in a circle',
    remedy:
      'Nothing, for the caller: a route of the gateway leads back to the gateway, and its operator must mend that.',
    cause: 'The gateway refuses a request that it has already forwarded once: its own name stands in the header `Via`.',
    check:
      'The flag is `route_loop`, and `route` in the same line names the route. Look at the `services.*.instances` behind it; a gateway behind a gateway needs a `SEAL_KEY` of its own ([Circles](routing.md#circles)).',
  },

  AUTH_CREDENTIALS_MISSING: {
    status: 401,
    grpc: 'UNAUTHENTICATED',
    title: 'Credentials are required',
    remedy: 'Send `Authorization: Bearer <token>` or `X-Api-Key`.',
    cause: 'The route lets in only callers who say who they are, and the request has neither a token nor an API key.',
    check:
      'The flag is `credentials_missing`. Look at `routes.*.access`, and whether a proxy or a redirect has dropped `Authorization`. The management API wants `MANAGEMENT_TOKEN`.',
  },
  AUTH_CREDENTIALS_REJECTED: {
    status: 401,
    grpc: 'UNAUTHENTICATED',
    title: 'The credentials are not accepted',
    remedy: 'Log in again, or make a new API key.',
    cause:
      'The gateway does not accept the token or the API key: its signature, issuer, audience, type or time is wrong, its session has ended, the key is revoked or may not be used from this address, or the route does not take this kind.',
    check:
      'The flag is `credentials_rejected`. Compare the token with `authentication.jwt.issuers` (`ISSUER` and `AUDIENCE` of auth-service), and its kind with `routes.*.access.methods`. `GET /auth/sessions` and `GET /auth/api-keys` show what is still good.',
  },
  AUTH_LOGIN_FAILED: {
    status: 401,
    grpc: 'UNAUTHENTICATED',
    title: 'The login or the password is wrong',
    remedy: 'Check both; which one is wrong is not told.',
    cause:
      'Auth-service knows no account with this login and this password, or the account was deleted while it logged in.',
    check:
      'The log of auth-service has the event `login.failed` with `client_address`, and with `user_id` where there is such an account. Its owner sees it at `GET /auth/events`; [Guessing](accounts.md#guessing) says what many of them lead to.',
  },
  AUTH_REFRESH_REJECTED: {
    status: 401,
    grpc: 'UNAUTHENTICATED',
    title: 'The refresh token is not accepted',
    remedy: 'Log in again.',
    cause:
      'Auth-service did not issue the refresh token, its session is over, or it was used before; in the last case the session is ended, since one of two holders is a thief.',
    check:
      'The line of auth-service has the `reason`. Look for a client that refreshes twice at once and later than `REFRESH_GRACE`; `REFRESH_TOKEN_LIFETIME` and `SESSION_LIFETIME` bound a session.',
  },
  AUTH_SECOND_FACTOR_REQUIRED: {
    status: 401,
    grpc: 'UNAUTHENTICATED',
    title: 'The password is right, and a second factor is needed',
    remedy: 'Send `challenge.token` with one of `challenge.methods` to `POST /auth/login:complete`.',
    cause: 'The password is right and the account has a second factor, so auth-service opens no session yet.',
    check:
      'The client goes on with `challenge` ([A second factor](accounts.md#a-second-factor)). `GET /auth/second-factors` shows its owner what is enrolled.',
  },
  AUTH_SECOND_FACTOR_FAILED: {
    status: 401,
    grpc: 'UNAUTHENTICATED',
    title: 'The second factor is not accepted',
    remedy: 'Wait for the next code; each is good once. A passkey must answer a new challenge.',
    cause:
      'The code is wrong, of another time or already used, the passkey does not verify, or the proof of a step-up is wrong.',
    check:
      'The log of auth-service has the event `login.failed`, `step-up.failed` or `passkey.refused`. Compare the clock of the device with that of the process (`clock_difference_seconds`), and `PASSKEY_DOMAIN` and `PASSKEY_ORIGINS` with the page.',
  },
  AUTH_CHALLENGE_REJECTED: {
    status: 401,
    grpc: 'UNAUTHENTICATED',
    title: 'The challenge is not accepted',
    remedy: 'Begin again: each challenge is good for minutes, and once.',
    cause:
      'The challenge was not issued here, is too old or already used, belongs to somebody else, or the password has changed since.',
    check:
      'The line of auth-service has the `reason`. Processes of auth-service that do not share `ENCRYPTION_KEY` do not know the challenges of one another.',
  },
  AUTH_STEP_UP_REQUIRED: {
    status: 401,
    grpc: 'UNAUTHENTICATED',
    title: 'This needs a recent and sufficient proof of who you are',
    remedy: 'Send one of `stepUp.methods` to `POST /auth/step-up`, then try again with the new access token.',
    cause:
      'The operation could take the account over, and the session has shown no proof that is recent and strong enough.',
    check:
      '`stepUp.methods` and `stepUp.maxAge` say what is enough; the latter is `STEP_UP_AFTER`. [Step-up](accounts.md#step-up) lists the operations.',
  },
  AUTH_TOKEN_REJECTED: {
    status: 401,
    grpc: 'UNAUTHENTICATED',
    title: 'The token is not accepted',
    remedy: 'Ask for another email: each token works once, and not for long.',
    cause:
      'The token of an email was never sent, is used or too old, is meant for something else, or its account or address has changed since.',
    check:
      'The line of auth-service has the `reason`, and the event `mail-token.unknown` if nobody knows the token. Compare with `RESET_TOKEN_LIFETIME`, `VERIFY_TOKEN_LIFETIME` and `INVITATION_TOKEN_LIFETIME`.',
  },
  IDENTITY_SEAL_INVALID: {
    status: 401,
    grpc: 'UNAUTHENTICATED',
    title: 'The caller is not known',
    remedy: 'Call through the gateway, or with a sealed identity.',
    cause:
      'A service refuses a request whose identity headers bear no seal, one of another key, or one for another request or time: it did not come through the gateway, or the two do not share a key.',
    check:
      'The line of the service has the `reason`. Compare `SEAL_KEY` of both processes, and their clocks (`clock_difference_seconds`); `npm run seal` makes headers that are good ([Passwords and the seal key](operations.md#passwords-and-the-seal-key)).',
  },

  ACCESS_DENIED: {
    status: 403,
    grpc: 'PERMISSION_DENIED',
    title: 'This is not allowed',
    remedy: 'Ask an owner for the role that is needed.',
    cause:
      'The caller is known, and lacks a role, a scope or a permission that the route or the service asks for, or the operation wants a session and got an API key.',
    check:
      'The flag `access_denied` means that `routes.*.access.roles` or `routes.*.access.scopes` refused it. If the flag is empty, the service did: its line has `user_id`, `tenant_id` and, where there is more to say, `reason`. `GET /auth/me` shows the caller who they are.',
  },
  ACCESS_USER_INACTIVE: {
    status: 403,
    grpc: 'PERMISSION_DENIED',
    title: 'The account is not active',
    remedy: 'Ask an administrator to activate the account.',
    cause: 'Tenant-service says that the user is not active, or that there is none of this id any more.',
    check:
      'The flag is `user_inactive`, with `user_id` beside it. The table in [Shut out, deleted, restored](accounts.md#shut-out-deleted-restored) says what brought the user there and what brings them back; `accounts.resolver` decides whether the gateway asks.',
  },
  ACCESS_TENANT_INACTIVE: {
    status: 403,
    grpc: 'PERMISSION_DENIED',
    title: 'The tenant is not active',
    remedy: 'Ask an administrator to activate the tenant.',
    cause: 'The tenant that the caller acts in is disabled.',
    check:
      'The flag is `tenant_inactive`, with `user_id` beside it. `GET /tenants` shows callers the `status` of each of their tenants. Routes with `routes.*.access.withoutTenant` stay open ([Without a tenant](accounts.md#without-a-tenant)).',
  },
  ACCESS_PASSWORD_CHANGE_REQUIRED: {
    status: 403,
    grpc: 'PERMISSION_DENIED',
    title: 'The password must be changed first',
    remedy:
      'Change it (`POST /auth/password`), then log in again: nothing else is done with a password that a program made.',
    cause:
      'A program has made the password of this account, and nothing but a change of it is open until that is done.',
    check:
      'The flag is `password_change_missing`. `ADMIN_PASSWORD_GENERATED` makes it so for the first administrator ([The first administrator](accounts.md#the-first-administrator)).',
  },
  ACCESS_SECOND_FACTOR_REQUIRED: {
    status: 403,
    grpc: 'PERMISSION_DENIED',
    title: 'The tenant asks for a second factor',
    remedy:
      'Enrol one (`POST /auth/totp`, `POST /auth/passkeys:begin`) or show it (`POST /auth/step-up`), then refresh the token.',
    cause: 'The tenant asks its members for a second factor, and the session has not shown one.',
    check:
      'The flag is `second_factor_missing`. `requireSecondFactor` of the tenant is the switch, and `routes.*.access.withoutSecondFactor` lets a route be used without ([A tenant that asks for a second factor](accounts.md#a-tenant-that-asks-for-a-second-factor)).',
  },
  TENANT_QUOTA_EXCEEDED: {
    status: 403,
    grpc: 'RESOURCE_EXHAUSTED',
    title: 'The plan of the tenant has no room for more',
    remedy: 'Remove something, or move the tenant to a larger plan.',
    cause: 'The tenant already has as many members, projects or instances as its plan allows.',
    check:
      '`detail` names the number. Operators see the plan at `/internal/tenants/{id}/plan` of tenant-service, and `DEFAULT_PLAN` holds for tenants that were given none.',
  },
  ACCESS_TENANT_DENIED: {
    status: 403,
    grpc: 'PERMISSION_DENIED',
    title: 'You are not a member of this tenant',
    remedy: 'Choose one of your own tenants in `X-Tenant-Id`.',
    cause:
      'The caller is no member of the tenant that `X-Tenant-Id` or the credentials name, the tenant is deleted, or the API key was made for another tenant.',
    check:
      'The flag is `tenant_denied`. Compare `X-Tenant-Id` with what `GET /tenants` lists; whoever has left the tenant of their session goes on in another one after `POST /auth/refresh`. With `accounts.resolver` at `none` only the tenant of the credentials counts.',
  },
  ACCESS_ADDRESS_DENIED: {
    status: 403,
    grpc: 'PERMISSION_DENIED',
    title: 'Your address is not allowed here',
    remedy: 'Call from an allowed address.',
    cause: 'The address of the client is on the deny list of the gateway, or not on its allow list.',
    check:
      'The flag is `address_denied`. If `client_address` in the same line is that of a proxy, it is missing in `trustedProxies`; else look at `addresses.deny` and `addresses.allow`.',
  },

  RATE_LIMITED: {
    status: 429,
    grpc: 'RESOURCE_EXHAUSTED',
    title: 'Too many requests',
    remedy: 'Wait for `Retry-After` seconds.',
    cause:
      'A limit has no room for this request: one of the route or of the address, a bound on what one caller may have open at once, or one of a service on attempts at secrets.',
    check:
      '`RateLimit` and `RateLimit-Policy` of the answer name a limit of `rateLimits`. With the flag `rate_limited` look at `gateway_rate_limit_events_total`, `protection.streamsPerAddress` and `services.*.clientShare` ([ManyRefusedByLimits](operations.md#manyrefusedbylimits)). Auth-service writes the event `guessing.refused` ([Guessing](accounts.md#guessing)).',
  },

  RESOURCE_NOT_FOUND: {
    status: 404,
    grpc: 'NOT_FOUND',
    title: 'There is no such thing',
    remedy: 'Check the id; what belongs to somebody else is not shown.',
    cause:
      'What the path names does not exist, has been deleted, or may not be seen by the caller, who cannot tell these apart.',
    check:
      'Look at the id, and at the tenant that the caller acts in: `tenant_id` in the line of the service. `GET /tenants/{id}/audit` tells who has deleted something.',
  },
  RESOURCE_NAME_TAKEN: {
    status: 409,
    grpc: 'ALREADY_EXISTS',
    title: 'The name is taken',
    remedy: 'Choose another name.',
    cause: 'Something else has the name already, where it may be there only once.',
    check:
      '`errors` names the field where several could be meant. After a request that broke off, repeat it with the same `Idempotency-Key`: its first run may have taken the name.',
  },
  RESOURCE_CONFLICT: {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    title: 'The state does not allow this',
    remedy: 'Read the current state and try again.',
    cause:
      'What is there is in a state in which this makes no sense: a command that the status does not allow, the last owner who leaves, an invitation that is already answered, a number of things that is full.',
    check:
      '`detail` says which state it is. Look at the `status` of the resource; the line of the service has this `code`.',
  },
  RESOURCE_ARCHIVED: {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    title: 'The project is archived',
    remedy: 'Set its `status` to `active` first; until then it is read, and what is in it stopped and deleted.',
    cause: 'The project is archived, and the request would change it or begin something new in it.',
    check: '`GET /projects/{id}` shows the `status`, and `GET /tenants/{id}/audit` who has set it.',
  },
  RESOURCE_CHANGED: {
    status: 412,
    grpc: 'ABORTED',
    title: 'It was changed in the meantime',
    remedy: 'Read it again and send its new `ETag` in `If-Match`.',
    cause:
      '`If-Match` names a version that is not the current one any more, or somebody else has written at the same moment.',
    check:
      'Compare `If-Match` with the `ETag` of a fresh read. If it comes again and again, two writers follow one resource.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    grpc: 'INVALID_ARGUMENT',
    title: 'The idempotency key was used for another request',
    remedy: 'Send a new `Idempotency-Key` with a new request.',
    cause:
      'The service has kept the answer to another request with this `Idempotency-Key`, and does not answer this one with it.',
    check:
      'Look for a client that makes its keys of a counter or of the time, or that changes a request before it repeats it ([decision 4](decisions/0004-idempotent-posts.md)).',
  },
  IDEMPOTENCY_KEY_IN_USE: {
    status: 409,
    grpc: 'ABORTED',
    title: 'A request with this idempotency key is still running',
    remedy: 'Wait for it to end and send the same request again.',
    cause:
      'A request with this `Idempotency-Key` is running, or its process has died and its lease of five seconds is not over.',
    check:
      'Look at the first request with this key in the log of the service, by its `request_id`: a slow one has a large `latency_ms` ([SlowAnswers](operations.md#slowanswers)).',
  },

  UPSTREAM_FAILED: {
    status: 502,
    grpc: 'UNAVAILABLE',
    title: 'The service behind the gateway failed',
    remedy: 'Try again; see the log of the gateway for the reason.',
    cause: 'An instance has broken the connection before its answer was whole, or has sent what is no HTTP.',
    check:
      'The flag is `upstream_reset` or `upstream_malformed`, and `instance` in the same line names it. A line with this `code` has the error; look at that instance for a restart or a crash ([ServiceFails](operations.md#servicefails)).',
  },
  UPSTREAM_UNAVAILABLE: {
    status: 503,
    grpc: 'UNAVAILABLE',
    title: 'The service is not available',
    remedy: 'Try again after `Retry-After` seconds.',
    cause:
      'The gateway has no instance that it can ask: none is fit, none takes a connection, or too many requests wait for one.',
    check:
      'The flag tells which: `no_instance`, `circuit_open`, `upstream_unreachable`, `upstream_connect_timeout` or `upstream_overloaded`. Look at `gateway_instances` and `manage GET /services` ([NoInstanceFit](operations.md#noinstancefit)), and at `services.*.queue` ([ConnectionsExhausted](operations.md#connectionsexhausted)).',
  },
  UPSTREAM_TIMEOUT: {
    status: 504,
    grpc: 'DEADLINE_EXCEEDED',
    title: 'The service did not answer in time',
    remedy: 'Try again.',
    cause:
      'An instance has taken the request and did not answer, or went silent in its answer, for longer than it may.',
    check:
      'The flag tells which: `upstream_header_timeout`, `upstream_idle_timeout` or `upstream_total_timeout`. Compare `upstream_ms` with `services.*.timeouts` and `routes.*.timeouts` ([SlowAnswers](operations.md#slowanswers)).',
  },
  SERVICE_UNAVAILABLE: {
    status: 503,
    grpc: 'UNAVAILABLE',
    title: 'Not available for the moment',
    remedy: 'Try again after `Retry-After` seconds.',
    cause:
      'Gatehouse cannot reach something of its own that the request needs: the database, or auth-service or another service; or it has no room for one more password hash, or no way to count a limit that fails closed.',
    check:
      '`/ready` names what is missing, and `/actuator/health` with `MANAGEMENT_TOKEN` the reason; so does `health_component_up`. The flag of the gateway is `identity_unavailable` or `limits_unavailable`; `PASSWORD_QUEUE` bounds the hashes that wait. [When something is away](operations.md#when-something-is-away) has the rest.',
  },
  SERVICE_CLOCK_WRONG: {
    status: 503,
    grpc: 'UNAVAILABLE',
    title: 'This process cannot tell the time for the moment',
    remedy: 'Try again after `Retry-After` seconds; another process may answer. Credentials are as good as before.',
    cause:
      'The clock of the process differs by more than it may from the one that it believes, so it decides nothing that depends on the time.',
    check:
      'The flag is `clock_wrong`. `clock_difference_seconds` says by how much and against whom; `CLOCK_LEEWAY` is the bound ([ClockDiffers](operations.md#clockdiffers)).',
  },
  SERVICE_OVERLOADED: {
    status: 503,
    grpc: 'UNAVAILABLE',
    title: 'There is too much to do for the moment',
    remedy: 'Try again after `Retry-After` seconds, and then less often.',
    cause:
      'The gateway has as many requests or streams as it takes, or its event loop is so late that one more would make everybody wait.',
    check:
      'The flag is `overloaded`. Compare `gateway_requests_running` with `gateway_admission_limit` and `protection.requests`, and `gateway_open_streams` with `protection.streams` and `protection.streamsPerRoute` ([GatewayOverloaded](operations.md#gatewayoverloaded)).',
  },
  SERVICE_TIMEOUT: {
    status: 504,
    grpc: 'DEADLINE_EXCEEDED',
    title: 'It took too long',
    remedy: 'Try again.',
    cause: 'A service has asked another service and got no answer before its deadline.',
    check:
      'The line of the asking service has the call as its `reason`. Look at `grpc_server_requests_seconds` of the asked one ([GrpcCallsFail](operations.md#grpccallsfail)); the parts of a dashboard have `DASHBOARD_PART_MS`.',
  },
  REQUEST_CANCELLED: {
    status: 499,
    grpc: 'CANCELLED',
    title: 'The caller went away',
    remedy: 'Nothing: nobody reads this answer.',
    cause: 'The client has closed the connection or taken back the call before there was an answer.',
    check:
      'The access log of the gateway has the flag `client_gone`. Compare `latency_ms` with the time that clients and proxies in front wait: many of them mean that answers are slow ([SlowAnswers](operations.md#slowanswers)).',
  },
  INTERNAL: {
    status: 500,
    grpc: 'INTERNAL',
    title: 'Something went wrong on our side',
    remedy: 'Report the request id to the operator.',
    cause: 'Gatehouse has met an error that nobody foresaw, or a service has broken the contract of a call.',
    check:
      'Look for the `request_id` in the log of every process: the line with `level` at `error` has the error in `err`. If it began with a new version, go back to the one before ([ServiceFails](operations.md#servicefails)).',
  },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof catalogue;

export const isErrorCode = (value: string): value is ErrorCode => Object.hasOwn(catalogue, value);
