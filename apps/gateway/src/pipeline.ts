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
 * other way through, and what is not here does not run.
 */
export const pipeline = [
  { stage: 'observe', by: AccessLog },
  { stage: 'edge', by: Edge },
  { stage: 'route', by: Router },
  { stage: 'answer probes', by: AnswerProbe },
  { stage: 'admit', by: Admit },
  { stage: 'limit by address', by: AddressGuard },
  { stage: 'authenticate', by: AuthenticateGuard },
  { stage: 'authorize', by: AuthorizeGuard },
  { stage: 'limit', by: RateLimitGuard },
  { stage: 'answer', by: Answer },
  { stage: 'balance', by: Balance },
  { stage: 'forward', by: Forwarder },
] as const;

export type PipelineStage = (typeof pipeline)[number];
