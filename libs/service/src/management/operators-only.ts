import type { TLSSocket } from 'node:tls';

import type { FastifyInstance } from 'fastify';

import { Refusal } from '@libs/errors';
import { identityOn, operators } from '@libs/mutual-tls';

/** Kubernetes and container engines probe without a certificate, and learn nothing but up or down. */
const probes = new Set(['/health', '/ready']);

/** On a management port that a network reaches, all but the probes is for operators and for the process itself. */
export function operatorsOnly(fastify: FastifyInstance, self: string): void {
  const allowed = new Set([...operators, self]);
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (probes.has(request.url)) return done();
    const caller = identityOn(request.socket as TLSSocket) ?? '';
    if (allowed.has(caller)) return done();
    done(new Refusal('ACCESS_DENIED', { internal: `${caller || 'nobody known'} is no operator` }));
  });
}
