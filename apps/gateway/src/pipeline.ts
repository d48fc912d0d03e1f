import { AddressGuard } from './stages/limit/address.guard.js';
import { Admit } from './stages/admit/admit.js';
import { Answer } from './stages/answer/answer.js';
import { AnswerProbe } from './stages/answer/answer-probe.js';
import { AuthenticateGuard } from './stages/authenticate/authenticate.guard.js';
import { AuthorizeGuard } from './stages/authorize/authorize.guard.js';
import { Balance } from './stages/balance/balance.js';
import { Edge } from './stages/edge/edge.js';
import { Forwarder } from './stages/forward/forwarder.js';
import { RateLimitGuard } from './stages/limit/rate-limit.guard.js';
import { AccessLog } from './stages/observe/access-log.js';
import { Router } from './stages/route/router.js';

/**
 * The path of every request: the entry takes it from one line to the next, until a stage answers or refuses. There is no
 * other way through, and what is not here does not run. `does` and `refuses` (statuses) are what ARCHITECTURE.md shows.
 */
export const pipeline = [
  {
    stage: 'observe',
    by: AccessLog,
    does: 'writes one JSON line and counts, when the answer ends; of refused requests too',
    refuses: [],
  },
  {
    stage: 'edge',
    by: Edge,
    does: 'checks sizes and fields, refuses what can be read in two ways, and normalises the path, once',
    refuses: [400, 414, 431],
  },
  {
    stage: 'route',
    by: Router,
    does: 'looks the route up in an immutable table; refuses a path that a service may read as that of another route, and a request that was here before (`Via`)',
    refuses: [400, 404, 405, 413, 508],
  },
  {
    stage: 'answer probes',
    by: AnswerProbe,
    does: 'answers `/health` and `/ready` before anything is counted',
    refuses: [],
  },
  {
    stage: 'admit',
    by: Admit,
    does: 'takes a place among the requests that wait, while there is one here and at the service; then watches that the body comes',
    refuses: [408, 503],
  },
  {
    stage: 'limit by address',
    by: AddressGuard,
    does: 'knows which addresses may call; how often they may is owed from here on, and paid before a guess costs anything',
    refuses: [403, 429],
  },
  { stage: 'authenticate', by: AuthenticateGuard, does: 'names the caller: JWT or API key', refuses: [401, 429, 503] },
  {
    stage: 'authorize',
    by: AuthorizeGuard,
    does: 'user active, tenant active, member of the tenant asked for, a second factor where it asks for one, roles and scopes of the route',
    refuses: [403, 503],
  },
  {
    stage: 'limit',
    by: RateLimitGuard,
    does: 'spends from the limits of user, tenant, API key, address and route: from all of them or from none',
    refuses: [429, 503],
  },
  {
    stage: 'answer',
    by: Answer,
    does: "answers what needs no service: redirects, fixed answers, preflights, the gateway's own addresses",
    refuses: [],
  },
  {
    stage: 'balance',
    by: Balance,
    does: 'finds the path at the service and, once the request is here, one healthy instance',
    refuses: [404, 429, 503],
  },
  {
    stage: 'forward',
    by: Forwarder,
    does: 'streams request and answer, with sealed headers; asks another instance where that cannot do harm',
    refuses: [413, 429, 502, 503, 504],
  },
] as const;

export type PipelineStage = (typeof pipeline)[number];
