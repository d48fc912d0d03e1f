import { AsyncLocalStorage } from 'node:async_hooks';

import type { FastifyInstance, FastifyRequest } from 'fastify';

import type { Refusal } from '@libs/errors';
import { currentContextOrNone, incomingContext, type RequestContext } from '@libs/trusted-headers';

type Scope = ReturnType<typeof AsyncLocalStorage.snapshot>;

const scopes = new WeakMap<FastifyRequest, Scope>();
const refusals = new WeakMap<FastifyRequest, Refusal>();

/** Remembers in which context a request runs: it is answered, or cut off, in events that belong to its connection. */
export function keepRequestScope(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    scopes.set(request, AsyncLocalStorage.snapshot());
    done();
  });
}

/** What is known about a request; for one that failed before it had a context, its unproven ids. */
export const contextOfRequest = (request: FastifyRequest): RequestContext =>
  scopes.get(request)?.(currentContextOrNone) ?? currentContextOrNone() ?? incomingContext(request.headers);

export function inScopeOf(request: FastifyRequest, work: () => void): void {
  const scope = scopes.get(request);
  if (scope === undefined) work();
  else scope(work);
}

export const noteRefusal = (request: FastifyRequest, refusal: Refusal): void => void refusals.set(request, refusal);

export const refusalOf = (request: FastifyRequest): Refusal | undefined => refusals.get(request);
